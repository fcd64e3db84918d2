"""An audit from top to bottom: JSON, schema, rules, narrative, each on the ground of the last."""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import chain, islice
from typing import Any, NamedTuple

import msgspec

from quaestor_shared.contracts.artifact import Artifact
from quaestor_shared.service.faults import Fault
from quaestor_validator.domain.config import Plan, settle
from quaestor_validator.domain.families import FAMILIES, GIVEN, NARRATIVE
from quaestor_validator.domain.found import Found, from_finding
from quaestor_validator.domain.narrative import narrative_findings
from quaestor_validator.domain.rules import RULES
from quaestor_validator.domain.rules.design import Design
from quaestor_validator.domain.schema_findings import schema_findings
from quaestor_validator.domain.settled import Settled

__all__ = ["MOST", "Subject", "audit", "breaches"]

# Findings that are looked at. Nobody reads more, and each takes time and memory.
MOST = 10_000


class Subject(NamedTuple):
    """What is audited: a document, what the schema says of it, what stands in it twice.

    `has_rules` where the schema is that of an artifact, so that there is more to say. `left_out`
    is how many faults the schema has found besides.
    """

    instance: Any
    faults: Iterable[Fault] = ()
    twice: Iterable[Found] = ()
    narrative: str | None = None
    has_rules: bool = True
    left_out: int = 0


def audit(subject: Subject, plan: Plan, today: date) -> Settled:
    """Find what is wrong with a document, as a configuration has it.

    The rules wait for the schema, and the narrative with them: before that there is nothing to
    rely on.
    """
    given = list(islice(chain(subject.twice, schema_findings(subject.faults)), MOST + 1))
    found, checked = given, GIVEN
    if subject.has_rules and not any(each.code.startswith("schema/") for each in given):
        found = list(islice(chain(given, _of_rules(subject, plan)), MOST + 1))
        checked |= FAMILIES if subject.narrative is None else FAMILIES | NARRATIVE
    return settle(
        found[:MOST],
        plan,
        subject.instance,
        today=today,
        checked=checked,
        complete=len(found) <= MOST,
        left_out=subject.left_out,
    )


def _of_rules(subject: Subject, plan: Plan) -> Iterator[Found]:
    artifact = msgspec.convert(subject.instance, Artifact)
    yield from breaches(artifact, plan)
    if subject.narrative is not None:
        for finding in narrative_findings(artifact, subject.narrative):
            yield from_finding(finding, subject.instance)


def breaches(artifact: Artifact, plan: Plan) -> Iterator[Found]:
    """Apply the rules that a configuration has on."""
    design = Design(artifact)
    for rule in RULES:
        if plan.runs(rule.code):
            for issue in rule.check(design, plan.options.get(rule.code, rule.options)):
                yield Found(code=rule.code, severity=rule.severity, issue=issue)
