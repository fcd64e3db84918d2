"""Compares a narrative with its artifact, both ways."""

import re
from collections.abc import Collection, Iterator, Sequence

from quaestor_shared.contracts.artifact import Artifact
from quaestor_shared.contracts.findings import Finding, Fix, Severity
from quaestor_shared.contracts.validation import RuleView
from quaestor_shared.narrative import SUBSECTIONS, Form, render_section, section_lines
from quaestor_shared.pointers import pointer
from quaestor_shared.sections import BACKEND_DESIGN, BrokenSection, find_section
from quaestor_shared.service.schema_messages import cut
from quaestor_validator.domain.narrative.alignment import align, written
from quaestor_validator.domain.narrative.blocks import Block, Kind
from quaestor_validator.domain.narrative.breach import (
    CLAIM,
    CONTRADICTION,
    MORE,
    UNKNOWN,
    Breach,
    Path,
)
from quaestor_validator.domain.narrative.decisions import Decision, decisions
from quaestor_validator.domain.narrative.differences import differences
from quaestor_validator.domain.narrative.extras import Extras
from quaestor_validator.domain.narrative.hidden import shown_blocks
from quaestor_validator.domain.narrative.known import Known
from quaestor_validator.domain.narrative.missing import missing_from
from quaestor_validator.domain.narrative.prose import claims
from quaestor_validator.domain.narrative.subsections import split, title_key
from quaestor_validator.domain.narrative.values import column_of, end_of
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
    MORE: (Severity.WARN, "A line tells its value and no more"),
    CLAIM: (Severity.INFO, "Free text names nothing that the artifact does not have"),
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
        marker = _LINE_END.split(narrative)[broken.line - 1]
        return [_finding(NO_SECTION, f"{broken}", line=broken.line, end_column=len(marker) + 1)]
    if place is None:
        wanted = f"`{BACKEND_DESIGN.decode()}` between the markers"
        return [_finding(NO_SECTION, "the document has no section of ours", expected=wanted)]
    above = len(_LINE_END.findall(document[: place[0]].decode()))
    section = [
        block._replace(line=block.line + above)
        for block in shown_blocks(document[slice(*place)].decode())
    ]
    by_subsection: dict[str, list[Decision]] = {}
    for decision in decisions(artifact):
        by_subsection.setdefault(decision.subsection, []).append(decision)
    parts = split(section)
    # As Finalize writes it there is nothing to look for.
    as_written = document[slice(*place)].decode() == render_section(artifact)
    told = [] if as_written else list(_told(artifact, by_subsection, parts))
    lines = _LINE_END.split(narrative) if told else []
    contradicted = {_decided(breach.path) for breach in told if breach.code == CONTRADICTION}
    places = {pointer(path) for path in contradicted}
    missing = _not_told(by_subsection, parts, section, contradicted)
    return [
        *(finding for finding in missing if finding.pointer not in places),
        *(_placed(breach, lines) for breach in told),
    ]


def _told(
    artifact: Artifact,
    by_subsection: dict[str, list[Decision]],
    parts: dict[str, list[Block]],
) -> Iterator[Breach]:
    """Find what the document says otherwise than the artifact, or beside it."""
    known = Known(artifact)
    others = dict(parts)
    for title, texts in section_lines(artifact):
        part = others.pop(title_key(title), [])
        lines = written(texts)
        changed = list(align(lines, part))
        if not changed:
            continue
        extras = Extras(known, title, by_subsection.get(title, ()), lines, part)
        places = {id(block): index for index, block in enumerate(part)}
        for line, block in changed:
            index = places[id(block)]
            if line is not None and extras.takes(line, index):
                yield from differences(artifact, line, block)
                if line.line.form is Form.OVERVIEW:
                    yield from claims(known, title, block, None)
            else:
                yield from extras.breaches(index)
    for block in (block for part in others.values() for block in part):
        if block.kind is not Kind.CODE:
            yield from claims(known, "", block, None)


def _decided(path: Path) -> Path:
    """Give the path of the decision that a place is in: an example is one."""
    return path[: path.index("payload_examples") + 2] if "payload_examples" in path else path


def _placed(breach: Breach, lines: Sequence[str]) -> Finding:
    """Make a finding at its line and column in the document."""
    line, column = column_of(lines, breach.block, breach.shown)
    hidden = breach.expected is None and "payload_examples" in breach.path
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
        end_line=line,
        end_column=end_of(lines, line, column, breach.shown),
    )


def _not_told(
    by_subsection: dict[str, list[Decision]],
    parts: dict[str, list[Block]],
    section: Sequence[Block],
    contradicted: Collection[Path],
) -> Iterator[Finding]:
    """Find what the artifact says and the document does not."""
    for title in SUBSECTIONS:
        if title_key(title) not in parts:
            message = f"the section has no subsection “{title}”"
            yield _finding(MISSING_SUBSECTION, message, expected=f"### {title}")
    for title, asked in by_subsection.items():
        # Where the subsection is missing, that is said already; its facts may stand elsewhere.
        for lost in missing_from(asked, parts.get(title_key(title), section), contradicted):
            yield _finding(MISSING, lost.message, path=lost.path, expected=lost.expected)


def _finding(
    code: str,
    message: str,
    *,
    path: tuple[str | int, ...] = (),
    expected: str | None = None,
    line: int | None = None,
    end_column: int | None = None,
) -> Finding:
    return Finding(
        code=code,
        severity=Severity.ERROR,
        message=message,
        pointer=pointer(path),
        expected=expected,
        rule_url=page_of(code),
        line=line,
        column=None if line is None else 1,
        end_line=line,
        end_column=end_column,
    )
