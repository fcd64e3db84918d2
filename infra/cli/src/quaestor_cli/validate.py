"""`quaestor validate FILE...`: audit designs, with their narratives if there are any."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import click
import msgspec
from rich.console import Console

from quaestor_cli import exit_codes, show
from quaestor_cli.api import Api
from quaestor_cli.audit_options import OneOf, audit_options, refusals_shown
from quaestor_cli.design_files import over, read_config, read_sidecar
from quaestor_cli.document_text import read_document, read_text
from quaestor_cli.local import audit_api
from quaestor_cli.positions import Design
from quaestor_cli.refusals import write_text
from quaestor_cli.reports import rendered
from quaestor_cli.show import Place
from quaestor_shared.contracts.configuration import Preset
from quaestor_shared.contracts.findings import Severity
from quaestor_shared.contracts.validation import ReportFormat, ValidateRequest, ValidationReport
from quaestor_shared.errors import QuaestorError

__all__ = ["design_of", "summary", "validate"]

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_FORMS = ["table", *(form.value for form in ReportFormat)]


@click.command()
@click.argument("files", type=FILE, nargs=-1, required=True)
@click.option("--narrative", type=FILE,
              help="The Markdown document that must mention every decision.")  # fmt: skip
@click.option("--schema", default="backend", show_default=True, help="Name, or name@version.")
@click.option("--config", type=FILE, help="How to audit; else the nearest quaestor.yaml.")
@click.option("--sidecar", type=FILE,
              help="Suppressions and baseline; else FILE's .quaestor.yaml.")  # fmt: skip
@click.option("--preset", type=OneOf(Preset), help="Start from this preset.")
@click.option("--fail-on", type=OneOf(Severity), help="Least severity that fails.")
@click.option("--max-findings", type=click.IntRange(1, 1_000), default=100, show_default=True)
@click.option("--format", "form", type=click.Choice(_FORMS), default="table", show_default=True,
              help="Text shows each place in its line.")  # fmt: skip
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path),
              help="Write to this file instead.")  # fmt: skip
@audit_options
@refusals_shown
def validate(
    files: tuple[Path, ...],
    *,
    narrative: Path | None,
    schema: str,
    config: Path | None,
    sidecar: Path | None,
    preset: Preset | None,
    fail_on: Severity | None,
    max_findings: int,
    form: str,
    output: Path | None,
    url: str | None,
    api_key: str | None,
) -> None:
    """Audit each FILE, a backend.json, here or by a service. The exit status tells the verdict."""
    if narrative is not None and len(files) > 1:
        raise click.UsageError("--narrative goes with one FILE.")
    told = read_text(narrative) if narrative is not None else None
    designs = []
    for file in files:
        design = design_of(file, config, sidecar, preset, fail_on)
        request = msgspec.structs.replace(
            design.request, schema=schema, narrative=told, max_findings=max_findings
        )
        designs.append(design._replace(request=request, narrative=narrative))
    reports = asyncio.run(_ask(url, api_key, designs))
    audited = [
        (design, design.placed(report)) for design, report in zip(designs, reports, strict=True)
    ]
    if form == "table" and output is None:
        for design, report in audited:
            summary(Console(), design.file, report, design.place)
    else:
        _write(rendered(form, audited), output)
    good = all(report.valid for _, report in audited)
    raise SystemExit(exit_codes.GOOD if good else exit_codes.FINDINGS)


def design_of(
    file: Path,
    config: Path | None,
    sidecar: Path | None,
    preset: Preset | None,
    fail_on: Severity | None,
) -> Design:
    """Read a design with what goes into its audit, and make the request.

    Its text goes in as it is, on lines of its own. Raises InvalidInput for a file with a fault.
    """
    text = read_document(file)
    settings, beside = read_config(config, file), read_sidecar(sidecar, file)
    request = ValidateRequest(
        instance=msgspec.Raw(b"\n" + text.encode() + b"\n"),
        config=over(settings.value if settings is not None else None, preset, fail_on),
        sidecar=beside.value if beside is not None else None,
    )
    return Design(file, text, request, settings, beside)


async def _ask(
    url: str | None, api_key: str | None, designs: Sequence[Design]
) -> list[ValidationReport]:
    async with audit_api(url, api_key) as api:
        return [await _report(api, design) for design in designs]


async def _report(api: Api, design: Design) -> ValidationReport:
    try:
        return await api.validate(design.request)
    except QuaestorError as failure:
        raise design.refused(failure) from failure


def _write(text: str, output: Path | None) -> None:
    if output is None:
        click.echo(text, nl=False)
    else:
        write_text(output, text)


def summary(
    console: Console, file: Path, report: ValidationReport, place: Place = show.place_of
) -> None:
    """Show the findings, each at its place, then the verdict in a line."""
    show.findings(console, report.findings, place)
    counts = report.counts
    verdict = "[green]valid[/]" if report.valid else "[bold red]not valid[/]"
    found = ", ".join(
        f"{number} {name}{'' if number == 1 else 's'}"
        for name, number in (
            ("error", counts.error),
            ("warning", counts.warn),
            ("remark", counts.info),
        )
    )
    console.print(f"{verdict} against {report.schema}: {found}  ", end="", highlight=False)
    console.print(str(file), style="dim", markup=False, highlight=False)
