"""A design with all that goes into its audit, and places in a request as places in those files."""

from pathlib import Path
from typing import NamedTuple

import msgspec

from quaestor_cli.document_text import place_in
from quaestor_cli.refusals import in_files
from quaestor_cli.settings_file import SettingsFile
from quaestor_shared.contracts.configuration import Configuration, Sidecar
from quaestor_shared.contracts.findings import Finding, RelatedPlace, Source
from quaestor_shared.contracts.validation import ValidateRequest, ValidationReport
from quaestor_shared.errors import QuaestorError

__all__ = ["Design"]


class Design(NamedTuple):
    """The files of one audit, and the request that they make.

    The design's text stands in the request on lines of its own, from the second.
    """

    file: Path
    text: str
    request: ValidateRequest
    config: SettingsFile[Configuration] | None = None
    sidecar: SettingsFile[Sidecar] | None = None
    narrative: Path | None = None

    def placed(self, report: ValidationReport) -> ValidationReport:
        """Give a report whose lines are those of the files."""
        findings = tuple(self._placed(finding) for finding in report.findings)
        return msgspec.structs.replace(report, findings=findings)

    def fixed(self, report: ValidationReport) -> ValidationReport:
        """Give the report on a fixed text, which was audited by itself."""
        findings = tuple(self._settled(finding) for finding in report.findings)
        return msgspec.structs.replace(report, findings=findings)

    def refused(self, failure: QuaestorError) -> QuaestorError:
        """Give a failure whose places are those of the files."""
        return in_files(failure, self.file, self._place)

    def settings(
        self, source: Source
    ) -> "SettingsFile[Configuration] | SettingsFile[Sidecar] | None":
        """Give the file that a source is, where it is the configuration or the sidecar."""
        return {Source.CONFIG: self.config, Source.SIDECAR: self.sidecar}.get(source)

    def place(self, finding: Finding) -> str:
        """Write where a finding is, in a table about this design."""
        settings = self.settings(finding.source)
        if settings is not None:
            return settings.place_of_finding(finding.pointer)
        return finding.pointer or "/"

    def _placed(self, finding: Finding) -> Finding:
        if finding.source is Source.NARRATIVE:
            return finding
        if finding.source is not Source.INSTANCE:
            return self._settled(finding)
        return msgspec.structs.replace(
            finding,
            line=_up(finding.line),
            end_line=_up(finding.end_line),
            related=tuple(_up_place(place) for place in finding.related),
        )

    def _settled(self, finding: Finding) -> Finding:
        """Place what is said of the configuration or the sidecar."""
        if finding.source in (Source.CONFIG, Source.SIDECAR):
            settings = self.settings(finding.source)
            mark = settings.mark(finding.pointer) if settings is not None else None
            line, column, end_line, end_column = mark or (None, None, None, None)
            return msgspec.structs.replace(
                finding, line=line, column=column, end_line=end_line, end_column=end_column
            )
        return finding

    def _place(self, field: str) -> str:
        part, _, rest = field.removeprefix("/").partition("/")
        pointer = f"/{rest}" if rest else ""
        if part == "config" and self.config is not None:
            return self.config.place(pointer)
        if part == "sidecar" and self.sidecar is not None:
            return self.sidecar.place(pointer)
        if part == "instance":
            return place_in(self.file, self.text, pointer)
        return f"--{part}" if part in ("schema", "narrative") else field


def _up(line: int | None) -> int | None:
    return None if line is None else line - 1


def _up_place(place: RelatedPlace) -> RelatedPlace:
    return msgspec.structs.replace(place, line=_up(place.line))
