"""An audit from top to bottom: JSON, schema, rules, narrative, each on the ground of the last."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import cached_property
from itertools import chain, islice
from typing import Any

import msgspec

from quaestor_shared.contracts.artifact import Artifact
from quaestor_shared.service.faults import Fault
from quaestor_validator.domain.config import Plan, settle
from quaestor_validator.domain.families import FAMILIES, GIVEN, NARRATIVE
from quaestor_validator.domain.found import Found, from_finding
from quaestor_validator.domain.narrative import narrative_findings
from quaestor_validator.domain.rules.design import Design
from quaestor_validator.domain.schema_findings import schema_findings
from quaestor_validator.domain.settled import Settled

__all__ = ["MOST", "Subject", "audit", "breaches"]

# Findings that are looked at. Nobody reads more, and each takes time and memory.
MOST = 10_000
_WITH_NARRATIVE = GIVEN | FAMILIES | NARRATIVE
_WITHOUT = GIVEN | FAMILIES


class Subject:
    """What is audited: a document, what the schema says of it, what stands in it twice.

    `has_rules` where the schema is that of an artifact, so that there is more to say. `left_out`
    is how many faults the schema has found besides.
    """

    def __init__(
        self,
        instance: Any = None,  # noqa: ANN401 - a JSON value
        faults: Iterable[Fault] = (),
        twice: Iterable[Found] = (),
        narrative: str | None = None,
        *,
        has_rules: bool = True,
        left_out: int = 0,
    ) -> None:
        self._read: Callable[[], Any] = lambda: instance
        self._valid: Artifact | None = None
        self.faults = faults
        self.twice = twice
        self.narrative = narrative
        self.has_rules = has_rules
        self.left_out = left_out

    @classmethod
    def valid(cls, artifact: Artifact, read: Callable[[], Any], narrative: str | None) -> "Subject":
        """Take what is an artifact, and so without faults; `read` gives the document it is of."""
        subject = cls(narrative=narrative)
        subject._read, subject._valid = read, artifact
        return subject

    @cached_property
    def instance(self) -> Any:  # noqa: ANN401 - a JSON value
        """The document; of what is valid it is read only when there is something to say."""
        return self._read()

    @cached_property
    def artifact(self) -> Artifact:
        """The document as an artifact, which it has to be."""
        return self._valid or msgspec.convert(self.instance, Artifact)

    @property
    def feature(self) -> str:
        """The feature that the document is of; the empty one where it does not say."""
        if self._valid is not None:
            return self._valid.feature_id
        feature = self.instance.get("feature_id") if isinstance(self.instance, dict) else None
        return feature if isinstance(feature, str) else ""


def audit(subject: Subject, plan: Plan, today: date) -> Settled:
    """Find what is wrong with a document, as a configuration has it.

    The rules wait for the schema, and the narrative with them: before that there is nothing to
    rely on.
    """
    given = list(islice(chain(subject.twice, schema_findings(subject.faults)), MOST + 1))
    found, checked = given, GIVEN
    if subject.has_rules and not any(each.code.startswith("schema/") for each in given):
        found = list(islice(chain(given, _of_rules(subject, plan)), MOST + 1))
        checked = _WITHOUT if subject.narrative is None else _WITH_NARRATIVE
    if not found and not plan.has_own:
        return Settled([], 0, plan.fail_on, left_out=subject.left_out)
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
    yield from breaches(subject.artifact, plan)
    if subject.narrative is not None:
        for finding in narrative_findings(subject.artifact, subject.narrative):
            yield from_finding(finding, subject.instance)


def breaches(artifact: Artifact, plan: Plan) -> Iterator[Found]:
    """Apply the rules that a configuration has on."""
    design = Design(artifact)
    for rule, options in plan.steps:
        if rule.needs(design):
            for issue in rule.check(design, options):
                yield Found(code=rule.code, severity=rule.severity, issue=issue)
