"""Compares a narrative with its artifact, both ways."""

import re
from collections.abc import Iterator, Sequence

from quaestor_shared.contracts.artifact import Artifact
from quaestor_shared.contracts.findings import Finding, Fix, Severity
from quaestor_shared.contracts.validation import RuleView
from quaestor_shared.markdown import fold
from quaestor_shared.narrative import SUBSECTIONS, render_section, section_lines
from quaestor_shared.pointers import pointer
from quaestor_shared.sections import BACKEND_DESIGN, BrokenSection, find_section
from quaestor_shared.service.schema_messages import cut
from quaestor_validator.domain.narrative.alignment import align, written
from quaestor_validator.domain.narrative.blocks import Block, blocks
from quaestor_validator.domain.narrative.breach import CONTRADICTION, UNKNOWN, Breach
from quaestor_validator.domain.narrative.decisions import Decision, Form, decisions
from quaestor_validator.domain.narrative.differences import differences
from quaestor_validator.domain.narrative.extras import Extras
from quaestor_validator.domain.narrative.items import passages
from quaestor_validator.domain.narrative.passage import Passage
from quaestor_validator.domain.narrative.subsections import split, title_key
from quaestor_validator.domain.narrative.values import column_of
from quaestor_validator.domain.pages import page_of

__all__ = ["NARRATIVE_RULES", "narrative_findings"]

NO_SECTION = "narrative/no-section"
MISSING_SUBSECTION = "narrative/missing-subsection"
MISSING = "narrative/missing"
_RULES = {
    CONTRADICTION: (Severity.ERROR, "The document says what the artifact says"),
    MISSING: (Severity.ERROR, "The document tells of every decision of the artifact"),
    MISSING_SUBSECTION: (Severity.ERROR, "The section has all of its eight subsections"),
    NO_SECTION: (Severity.ERROR, "The document has our section, from start marker to end marker"),
    UNKNOWN: (Severity.WARN, "The document tells of nothing that the artifact does not have"),
}
NARRATIVE_RULES = tuple(
    RuleView(code=code, severity=severity, title=title, url=page_of(code))
    for code, (severity, title) in sorted(_RULES.items())
)
_LINE_END = re.compile(r"\r\n|\r|\n")


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
    above = len(_LINE_END.findall(document[: place[0]].decode()))
    section = [
        block._replace(line=block.line + above)
        for block in blocks(document[slice(*place)].decode())
    ]
    by_subsection: dict[str, list[Decision]] = {}
    for decision in decisions(artifact):
        by_subsection.setdefault(decision.subsection, []).append(decision)
    parts = split(section)
    # As Finalize writes it there is nothing to look for.
    as_written = document[slice(*place)].decode() == render_section(artifact)
    told = [] if as_written else list(_told(artifact, by_subsection, parts))
    lines = _LINE_END.split(narrative) if told else []
    missing = list(_not_told(by_subsection, parts, section))
    contradicted = {pointer(breach.path) for breach in told if breach.code == CONTRADICTION}
    return [
        *(finding for finding in missing if finding.pointer not in contradicted),
        *(_placed(breach, lines) for breach in told),
    ]


def _told(
    artifact: Artifact,
    by_subsection: dict[str, list[Decision]],
    parts: dict[str, list[Block]],
) -> Iterator[Breach]:
    """Find what the document says otherwise than the artifact, or beside it."""
    for title, lines in section_lines(artifact):
        part = parts.get(title_key(title), [])
        changed = list(align(written(lines), part))
        if not changed:
            continue
        extras = Extras(artifact, title, by_subsection.get(title, ()), part)
        places = {id(block): index for index, block in enumerate(part)}
        for line, block in changed:
            if line is not None:
                yield from differences(artifact, line, block)
            else:
                yield from extras.breaches(places[id(block)])


def _placed(breach: Breach, lines: Sequence[str]) -> Finding:
    """Make a finding at its line and column in the document."""
    line, column = column_of(lines, breach.block, breach.shown)
    hidden = breach.expected is None and breach.path[-2:-1] == ("payload_examples",)
    advice = "change the document"
    if breach.patch:
        advice += ", or the artifact by this patch"
    return Finding(
        code=breach.code,
        severity=_RULES[breach.code][0],
        message=breach.message,
        pointer=pointer(breach.path),
        expected=breach.expected,
        actual=None if hidden else cut(breach.shown.text),
        did_you_mean=breach.did_you_mean,
        fix=Fix(description=advice, patch=breach.patch),
        rule_url=page_of(breach.code),
        line=line,
        column=column,
    )


def _not_told(
    by_subsection: dict[str, list[Decision]],
    parts: dict[str, list[Block]],
    section: Sequence[Block],
) -> Iterator[Finding]:
    """Find what the artifact says and the document does not."""
    for title in SUBSECTIONS:
        if title_key(title) not in parts:
            message = f"the section has no subsection “{title}”"
            yield _finding(MISSING_SUBSECTION, message, expected=f"### {title}")
    for title, asked in by_subsection.items():
        # Where the subsection is missing, that is said already; its facts may stand elsewhere.
        yield from _missing(asked, parts.get(title_key(title), section))


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
