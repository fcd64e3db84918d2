"""`quaestor validate FILE...`: audit designs, with their narratives if there are any."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import click
import msgspec
from rich.console import Console

from quaestor_cli import exit_codes, show
from quaestor_cli.audit_options import OneOf, audit_options
from quaestor_cli.design_files import find_config, read_config, read_document, read_sidecar
from quaestor_cli.local import audit_api
from quaestor_cli.positions import in_file
from quaestor_shared.contracts.configuration import Preset
from quaestor_shared.contracts.findings import Severity
from quaestor_shared.contracts.validation import ReportFormat, ValidateRequest, ValidationReport
from quaestor_shared.errors import QuaestorError

__all__ = ["request_for", "summary", "validate"]

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
    console = Console()
    if narrative is not None and len(files) > 1:
        raise click.UsageError("--narrative goes with one FILE.")
    try:
        requests = [
            msgspec.structs.replace(
                request_for(file, config, sidecar, preset, fail_on),
                schema=schema,
                narrative=narrative.read_text("utf-8") if narrative else None,
                max_findings=max_findings,
            )
            for file in files
        ]
        reports = asyncio.run(_ask(url, api_key, requests))
    except (OSError, UnicodeDecodeError) as error:
        raise click.UsageError(str(error)) from error
    except QuaestorError as failure:
        show.error(console, failure)
        raise SystemExit(exit_codes.of(failure)) from failure
    audited = list(zip(files, map(in_file, reports), strict=True))
    if form == "table" and output is None:
        for file, report in audited:
            summary(console, file, report)
    else:
        _write(_rendered(form, audited, narrative), output)
    good = all(report.valid for _, report in audited)
    raise SystemExit(exit_codes.GOOD if good else exit_codes.FINDINGS)


def request_for(
    file: Path,
    config: Path | None,
    sidecar: Path | None,
    preset: Preset | None,
    fail_on: Severity | None,
) -> ValidateRequest:
    """Make the request for a design. Its text goes in as it is, on lines of its own."""
    return ValidateRequest(
        instance=msgspec.Raw(b"\n" + read_document(file) + b"\n"),
        config=read_config(config or find_config(file), preset, fail_on),
        sidecar=read_sidecar(sidecar, file),
    )


async def _ask(
    url: str | None, api_key: str | None, requests: Sequence[ValidateRequest]
) -> list[ValidationReport]:
    async with audit_api(url, api_key) as api:
        return [await api.validate(request) for request in requests]


def _rendered(
    form: str, audited: Sequence[tuple[Path, ValidationReport]], narrative: Path | None
) -> str:
    from quaestor_validator.domain.outputs import Subject, render

    if form in ("json", "table"):
        encoded = [msgspec.json.encode(report) for _, report in audited]
        pretty = [msgspec.json.format(one, indent=2).decode() for one in encoded]
        return pretty[0] + "\n" if len(pretty) == 1 else f"[{','.join(pretty)}]\n"
    parts = []
    for file, report in audited:
        subject = Subject(
            path=file.as_posix(),
            text=file.read_text("utf-8"),
            narrative_path=narrative.as_posix() if narrative else "",
            narrative=narrative.read_text("utf-8") if narrative else "",
        )
        parts.append(render(ReportFormat(form), report, subject))
    return "\n".join(parts)


def _write(text: str, output: Path | None) -> None:
    if output is None:
        click.echo(text, nl=False)
    else:
        output.write_text(text, "utf-8")


def summary(console: Console, file: Path, report: ValidationReport) -> None:
    """Show the findings, then the verdict in a line."""
    show.findings(console, report.findings)
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
