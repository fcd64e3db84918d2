"""Every rule that can be configured, by code."""

from typing import NamedTuple

from quaestor_shared.contracts.findings import Severity
from quaestor_validator.domain.config_rules import CONFIG_RULES
from quaestor_validator.domain.narrative import NARRATIVE_RULES
from quaestor_validator.domain.rules import RULES
from quaestor_validator.domain.rules.base import NoOptions, Options

__all__ = ["CATALOGUE", "Entry", "is_given"]


class Entry(NamedTuple):
    """What is known of a rule, whoever checks it."""

    severity: Severity
    title: str
    options: Options = NoOptions()


CATALOGUE: dict[str, Entry] = dict(
    sorted(
        [
            *((rule.code, Entry(rule.severity, rule.title, rule.options)) for rule in RULES),
            *((view.code, Entry(view.severity, view.title)) for view in NARRATIVE_RULES),
            *((rule.code, Entry(rule.severity, rule.title)) for rule in CONFIG_RULES),
        ]
    )
)


def is_given(code: str) -> bool:
    """Say whether a code is of those that no configuration changes: what JSON or the schema say."""
    return code.startswith(("schema/", "json/"))
