"""What is not decided yet."""

import re
from collections.abc import Iterator

from quaestor_shared.contracts.findings import Severity
from quaestor_shared.service.schema_messages import cut
from quaestor_validator.domain.rules.base import Issue, NoOptions, Rule
from quaestor_validator.domain.rules.design import Design
from quaestor_validator.domain.words import is_open, listed

__all__ = ["RULES"]

_UNKNOWN = "unknown"
_MARK = re.compile(r"\b(?:TBD|TBC|TODO|FIXME|XXX|lorem ipsum)\b")
_LONGEST = 2_000
# One of these stands in every placeholder, as a word or as it is; a text has a line of its own.
_WORDS = frozenset(
    listed("tbd, tba, tbc, todo, fixme, xxx, lorem, decided, undecided, defined, determined")
)
_SIGNS = ("???", "...", "\u2026", "\nto do", "\n?\n", "\n??\n")


def unknown_values(design: Design, _: NoOptions) -> Iterator[Issue]:
    """Find texts that say no more than "unknown"; what an example payload says is data."""
    if not design.holds(_UNKNOWN):
        return
    for path, _text in design.places_of(_is_unknown):
        yield Issue(
            path=path,
            message="this is not decided yet",
            actual=f'"{_UNKNOWN}"',
            fix="decide it, or keep it as an open question for those who go on from here",
        )


def _is_unknown(text: str) -> bool:
    return len(text) < 40 and text.strip().casefold() == _UNKNOWN


def placeholders(design: Design, _: NoOptions) -> Iterator[Issue]:
    """Find texts that hold the place of a decision: `TBD`, `TODO`, `???`.

    An open question is no decision, and may well speak of what is open.
    """
    if design.words.isdisjoint(_WORDS) and not design.says(*_SIGNS):
        return
    for path, text in design.places_of(_is_placeholder, leaving_out=("fields", "relationships")):
        if path[0] != "open_questions":
            yield Issue(
                path=path,
                message="this holds the place of a decision",
                expected="the decision",
                actual=cut(text),
                fix="decide it, or write `unknown` and keep the question in `open_questions`",
            )


def _is_placeholder(text: str) -> bool:
    if len(text) < 40 and is_open(text):
        return not _is_unknown(text)
    return _MARK.search(text[:_LONGEST]) is not None


RULES = (
    Rule(
        code="openness/unknown-value",
        severity=Severity.INFO,
        title="Every value is decided",
        check=unknown_values,
    ),
    Rule(
        code="openness/placeholder",
        severity=Severity.INFO,
        title="No value holds the place of a decision",
        check=placeholders,
    ),
)
