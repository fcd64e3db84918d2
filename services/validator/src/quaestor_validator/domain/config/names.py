"""Rules by the names that a configuration has for them: a code, a family, or all."""

from collections.abc import Iterable
from difflib import get_close_matches

from quaestor_shared.contracts.findings import Severity, Source
from quaestor_shared.service.schema_messages import cut_key
from quaestor_validator.domain.catalogue import CATALOGUE, is_given
from quaestor_validator.domain.config_rules import UNKNOWN_RULE
from quaestor_validator.domain.found import Found, Path
from quaestor_validator.domain.rules.base import Issue

__all__ = ["by_weight", "codes_of", "names", "unknown_rule"]


def names(name: str, code: str) -> bool:
    """Say whether a name means a code.

    `*` leaves out what audits the configuration itself: that is only switched off by its name.
    """
    if name == "*":
        return not code.startswith("config/")
    return name == code or (name.endswith("/*") and code.startswith(name[:-1]))


def codes_of(name: str) -> list[str]:
    """Give the codes of the configurable rules that a name means."""
    if name in CATALOGUE:
        return [name]
    return [code for code in CATALOGUE if names(name, code)] if name.endswith("*") else []


def by_weight(rules: Iterable[str]) -> list[str]:
    """Put `*` first, then families, then codes: what comes later counts."""
    return sorted(rules, key=lambda name: (name != "*", not name.endswith("/*")))


def unknown_rule(name: str, path: Path, source: Source, *, given: bool = False) -> Found | None:
    """Tell of a name that means no rule; `given` where what no rule decides may be named too."""
    if given and is_given(name):
        return None
    if codes_of(name):
        return None
    close = None if is_given(name) else get_close_matches(name, CATALOGUE, n=1, cutoff=0.7)
    meant = close[0] if close else None
    why = (
        "is no rule but what JSON or the schema say, which no setting changes"
        if is_given(name)
        else "is no rule"
    )
    issue = Issue(
        path=path,
        message=f"`{cut_key(name)}` {why}",
        expected="the code of a rule, a family such as `apis/*`, or `*`",
        actual=cut_key(name),
        did_you_mean=meant,
        fix=f"write `{meant}`" if meant else "take it out",
        key=not given,
    )
    return Found(
        code=UNKNOWN_RULE, severity=Severity.WARN, issue=issue, source=source, subject=name
    )
