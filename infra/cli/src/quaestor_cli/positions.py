"""Places in a request, as places in the file that was sent in it."""

import msgspec

from quaestor_shared.contracts.findings import Finding, RelatedPlace, Source
from quaestor_shared.contracts.validation import ValidationReport

__all__ = ["in_file"]


def in_file(report: ValidationReport) -> ValidationReport:
    """Give a report whose lines are those of the file, which began on the request's second line.

    What is said of the configuration has no line: it was written anew for the request.
    """
    findings = tuple(_moved(finding) for finding in report.findings)
    return msgspec.structs.replace(report, findings=findings)


def _moved(finding: Finding) -> Finding:
    if finding.source is Source.NARRATIVE:
        return finding
    if finding.source is not Source.INSTANCE:
        nowhere = dict.fromkeys(("line", "column", "end_line", "end_column"))
        return msgspec.structs.replace(finding, **nowhere)
    return msgspec.structs.replace(
        finding,
        line=_up(finding.line),
        end_line=_up(finding.end_line),
        related=tuple(_moved_place(place) for place in finding.related),
    )


def _moved_place(place: RelatedPlace) -> RelatedPlace:
    return msgspec.structs.replace(place, line=_up(place.line))


def _up(line: int | None) -> int | None:
    return None if line is None else line - 1
