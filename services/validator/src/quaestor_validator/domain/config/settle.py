"""Findings as a configuration has them: with other severities, suppressed, known, or not at all."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import Any

from msgspec.structs import replace

from quaestor_shared.contracts.configuration import Level
from quaestor_shared.contracts.findings import Severity
from quaestor_validator.domain.config.layers import level_of
from quaestor_validator.domain.config.names import by_weight, names
from quaestor_validator.domain.config.notices import Notices
from quaestor_validator.domain.config.patterns import Patterns
from quaestor_validator.domain.config.plan import Plan
from quaestor_validator.domain.fingerprints import Fingerprints
from quaestor_validator.domain.found import Found
from quaestor_validator.domain.settled import Settled

__all__ = ["settle"]


def settle(
    findings: Iterable[Found],
    plan: Plan,
    document: Any,  # noqa: ANN401 - a JSON value
    *,
    today: date,
    checked: Collection[str],
    complete: bool = True,
    left_out: int = 0,
) -> Settled:
    """Apply a configuration to what was found in a document.

    `checked` are the families whose rules had their turn: only what was looked for can be missed.
    """
    places, suppressions = _Overrides(plan), _Suppressions(plan, today)
    fingerprints = Fingerprints(document)
    settled: list[tuple[Found, str]] = []
    suppressed, matched = 0, set()
    for found in findings:
        fingerprint = fingerprints.of(found)
        level = places.level(found, document)
        if level is Level.OFF:
            continue
        if suppressions.cover(found, document):
            suppressed += 1
            continue
        known = fingerprint in plan.baseline
        if known:
            matched.add(fingerprint)
        settled.append((replace(found, severity=Severity(level), known=known), fingerprint))
    notices = Notices(plan, checked)
    for notice in (
        *plan.notices,
        *notices.of_pointers(places.unmatched(document)),
        *notices.of_suppressions(suppressions.used, today),
        *notices.of_baseline(matched),
    ):
        if (level := plan.levels[notice.code]) is not Level.OFF:
            found = replace(notice, severity=Severity(level))
            settled.append((found, fingerprints.of(found)))
    return Settled(settled, suppressed, plan.fail_on, complete, left_out)


class _Overrides:
    """The levels that rules have at some places alone."""

    def __init__(self, plan: Plan) -> None:
        self._levels = plan.levels
        self._patterns = Patterns()
        self._owner = [
            (index, layer)
            for index, layer in enumerate(plan.overrides)
            for _ in map(self._patterns.add, layer.pointers)
        ]

    def level(self, found: Found, document: Any) -> Level:  # noqa: ANN401 - a JSON value
        """Give the level of a finding; what JSON or the schema say is always an error."""
        level = self._levels.get(found.code)
        if level is None:
            return Level(found.severity)
        if self._owner:
            matching = sorted(self._patterns.matching(document, found.issue.path))
            for layer in dict(self._owner[number] for number in matching).values():
                for name in by_weight(layer.rules):
                    if names(name, found.code):
                        level = level_of(layer.rules[name]) or level
        return level

    def unmatched(self, document: Any) -> Iterator[tuple[int, int]]:  # noqa: ANN401 - a JSON value
        """Give the pointers that mean no place: the override's number, and the pointer's in it."""
        first: dict[int, int] = {}
        for number, (index, _) in enumerate(self._owner):
            first.setdefault(index, number)
        for number in self._patterns.unmatched(document) if self._owner else ():
            index, _ = self._owner[number]
            yield index, number - first[index]


class _Suppressions:
    """The suppressions that have not expired, and which of them were used."""

    def __init__(self, plan: Plan, today: date) -> None:
        self.used: set[int] = set()
        self._patterns = Patterns()
        self._rules: list[tuple[int, str]] = []
        for index, (suppression, _, _) in enumerate(plan.suppressions):
            if suppression.expires is None or suppression.expires >= today:
                self._patterns.add(suppression.pointer)
                self._rules.append((index, suppression.rule))

    def cover(self, found: Found, document: Any) -> bool:  # noqa: ANN401 - a JSON value
        """Say whether a finding is suppressed."""
        if not self._rules:
            return False
        covering = {
            index
            for index, rule in map(
                self._rules.__getitem__, self._patterns.matching(document, found.issue.path)
            )
            if names(rule, found.code)
        }
        self.used |= covering
        return bool(covering)
