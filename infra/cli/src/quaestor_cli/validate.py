"""`quaestor validate FILE`: audit an artifact, with its narrative if there is one."""

import asyncio
from pathlib import Path

import click
from rich.console import Console

from quaestor_cli import exit_codes, show
from quaestor_cli.api import connect
from quaestor_shared.contracts.validation import ValidateRequest, ValidationReport
from quaestor_shared.errors import QuaestorError
from quaestor_shared.service import strict_json

__all__ = ["summary", "validate"]


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--narrative", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="The Markdown document that must mention every decision.")  # fmt: skip
@click.option("--schema", default="backend", show_default=True, help="Name, or name@version.")
@click.option("--url", envvar="QUAESTOR_URL", default="http://127.0.0.1:8000", show_default=True,
              help="Where the gateway answers.")  # fmt: skip
@click.option("--api-key", envvar="QUAESTOR_API_KEY", required=True, help="Your API key.")
def validate(file: Path, narrative: Path | None, schema: str, url: str, api_key: str) -> None:
    """Audit FILE, a backend.json. The exit status is 1 when there are errors."""
    console = Console()
    try:
        instance = strict_json.parse(file.read_bytes())
        request = ValidateRequest(
            instance=instance,
            schema=schema,
            narrative=narrative.read_text(encoding="utf-8") if narrative else None,
        )
        report = asyncio.run(_ask(url, api_key, request))
    except (OSError, UnicodeDecodeError) as error:
        raise click.UsageError(str(error)) from error
    except QuaestorError as failure:
        show.error(console, failure)
        raise SystemExit(exit_codes.of(failure)) from failure
    summary(console, file, report)
    raise SystemExit(exit_codes.GOOD if report.valid else exit_codes.FINDINGS)


async def _ask(url: str, api_key: str, request: ValidateRequest) -> ValidationReport:
    async with connect(url, api_key) as api:
        return await api.validate(request)


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
