"""Finds the decisions of an artifact that its narrative does not tell of."""

import re
from collections.abc import Iterator, Sequence

from quaestor_shared.contracts.artifact import Artifact
from quaestor_shared.contracts.findings import Finding, Severity
from quaestor_shared.contracts.validation import RuleView
from quaestor_shared.markdown import fold
from quaestor_shared.pointers import pointer
from quaestor_shared.sections import BACKEND_DESIGN, BrokenSection, find_section
from quaestor_shared.service.schema_messages import cut
from quaestor_validator.domain.narrative.blocks import Block, Kind, blocks
from quaestor_validator.domain.narrative.decisions import SUBSECTIONS, Decision, Form, decisions
from quaestor_validator.domain.narrative.items import passages
from quaestor_validator.domain.narrative.passage import Passage
from quaestor_validator.domain.pages import page_of

__all__ = ["NARRATIVE_RULES", "narrative_findings"]

NO_SECTION = "narrative/no-section"
MISSING_SUBSECTION = "narrative/missing-subsection"
MISSING = "narrative/missing"
_TITLES = {
    MISSING: "The document tells of every decision of the artifact",
    MISSING_SUBSECTION: "The section has all of its eight subsections",
    NO_SECTION: "The document has our section, from start marker to end marker",
}
NARRATIVE_RULES = tuple(
    RuleView(code=code, severity=Severity.ERROR, title=title, url=page_of(code))
    for code, title in _TITLES.items()
)
_SUBSECTION_LEVEL = 3
_PARENTHESIS = re.compile(r"\s*\(.*\)$")


def narrative_findings(artifact: Artifact, narrative: str) -> list[Finding]:
    """Compare a Markdown document with its artifact."""
    document = narrative.encode()
    try:
        place = find_section(document, BACKEND_DESIGN)
    except BrokenSection as broken:
        return [_finding(NO_SECTION, f"{broken}", line=broken.line)]
    if place is None:
        wanted = f"`{BACKEND_DESIGN.decode()}` between the markers"
        return [_finding(NO_SECTION, "the document has no section of ours", expected=wanted)]
    section = list(blocks(document[slice(*place)].decode()))
    return list(_compare(decisions(artifact), section))


def _compare(made: Iterator[Decision], section: Sequence[Block]) -> Iterator[Finding]:
    parts = _subsections(section)
    for title in SUBSECTIONS:
        if _key(title) not in parts:
            message = f"the section has no subsection “{title}”"
            yield _finding(MISSING_SUBSECTION, message, expected=f"### {title}")
    by_subsection: dict[str, list[Decision]] = {}
    for decision in made:
        by_subsection.setdefault(decision.subsection, []).append(decision)
    for title, asked in by_subsection.items():
        # Where the subsection is missing, that is said already; its facts may stand elsewhere.
        yield from _missing(asked, parts.get(_key(title), section))


def _missing(asked: Sequence[Decision], part: Sequence[Block]) -> Iterator[Finding]:
    whole = Passage(block.text for block in part)
    items = passages(part, {fold(decision.item) for decision in asked if decision.item})
    for decision in asked:
        item = fold(decision.item) if decision.item else ""
        if items.get(item, whole).tells(decision):
            continue
        # An example may hold what should not be shown again.
        what = "this example" if decision.form is Form.JSON else cut(decision.text)
        of = f" of {cut(decision.item)}" if decision.item and decision.text != decision.item else ""
        yield _finding(
            MISSING,
            f"“{decision.subsection}” does not tell of {what}{of}",
            path=decision.path,
            expected=None if decision.form is Form.JSON else cut(decision.text),
        )


def _subsections(section: Sequence[Block]) -> dict[str, list[Block]]:
    """Split a section at its headings of the third level, or above."""
    parts: dict[str, list[Block]] = {}
    current: list[Block] = []
    for block in section:
        if block.kind is Kind.HEADING and block.rank <= _SUBSECTION_LEVEL:
            current = parts.setdefault(_key(block.text), [])
        else:
            current.append(block)
    return parts


def _key(title: str) -> str:
    """Fold a title; what it adds in parentheses may be left out."""
    return _PARENTHESIS.sub("", fold(title)).casefold()


def _finding(
    code: str,
    message: str,
    *,
    path: tuple[str | int, ...] = (),
    expected: str | None = None,
    line: int | None = None,
) -> Finding:
    return Finding(
        code=code,
        severity=Severity.ERROR,
        message=message,
        pointer=pointer(path),
        expected=expected,
        rule_url=page_of(code),
        line=line,
    )
