"""Reports about files in the forms that other tools read: one document, however many files."""

from collections.abc import Sequence

import msgspec

from quaestor_cli.document_text import read_text
from quaestor_cli.positions import Design
from quaestor_cli.refusals import name_of
from quaestor_shared.contracts.findings import Source
from quaestor_shared.contracts.validation import ReportFormat, ValidationReport
from quaestor_shared.version import VERSION

__all__ = ["rendered"]


def rendered(form: str, audited: Sequence[tuple[Design, ValidationReport]]) -> str:
    """Write reports in a form; in JSON a list of them where there are many."""
    from quaestor_validator.domain.outputs import Audit, Subject, Text, render_all

    if form in ("json", "table"):
        encoded = [msgspec.json.encode(report) for _, report in audited]
        pretty = [msgspec.json.format(one, indent=2).decode() for one in encoded]
        return pretty[0] + "\n" if len(pretty) == 1 else f"[{','.join(pretty)}]\n"
    audits = []
    for design, report in audited:
        files = {Source.INSTANCE: (design.file, design.text)}
        if design.narrative is not None:
            files[Source.NARRATIVE] = (design.narrative, read_text(design.narrative))
        for settings, source in (
            (design.config, Source.CONFIG),
            (design.sidecar, Source.SIDECAR),
        ):
            if settings is not None:
                files[source] = (settings.file, settings.text)
        texts = {
            source: Text(path=name_of(file), text=text, address=file.resolve().as_uri())
            for source, (file, text) in files.items()
        }
        document = texts.pop(Source.INSTANCE)
        subject = Subject(document=document, others=texts, tool_version=VERSION)
        audits.append(Audit(report, subject))
    return render_all(ReportFormat(form), audits)
