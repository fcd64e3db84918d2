"""`quaestor diff BEFORE AFTER`: what changed between two designs, and what of it breaks."""

import asyncio
from pathlib import Path

import click
import msgspec
from rich.console import Console
from rich.table import Table
from rich.text import Text

from quaestor_cli import exit_codes
from quaestor_cli.audit_options import OneOf, audit_options, refusals_shown
from quaestor_cli.document_text import place_in, read_unambiguous
from quaestor_cli.local import audit_api
from quaestor_cli.refusals import in_files
from quaestor_shared.contracts.diffs import (
    Change,
    ChangeKind,
    DiffReport,
    DiffRequest,
    DiffSide,
    FailOn,
)
from quaestor_shared.errors import QuaestorError

__all__ = ["diff"]

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_STYLES = {
    ChangeKind.BREAKING: "bold red",
    ChangeKind.ADDITIVE: "green",
    ChangeKind.DOCUMENTATION: "dim",
}


@click.command()
@click.argument("before", type=FILE)
@click.argument("after", type=FILE)
@click.option("--fail-on", type=OneOf(FailOn), default="breaking", show_default=True,
              help="The least change that --exit-code tells.")  # fmt: skip
@click.option("--exit-code", is_flag=True, help="End with 1 where there is such a change.")
@click.option("--format", "form", type=click.Choice(["table", "json", "patch"]), default="table",
              show_default=True, help="`patch` is a JSON Patch (RFC 6902).")  # fmt: skip
@audit_options
@refusals_shown
def diff(
    before: Path,
    after: Path,
    *,
    fail_on: FailOn,
    exit_code: bool,
    form: str,
    url: str | None,
    api_key: str | None,
) -> None:
    """Compare two designs: breaking changes first, each with a witness."""
    texts = {
        "before": (before, read_unambiguous(before)),
        "after": (after, read_unambiguous(after)),
    }
    old, new = (DiffSide(document=msgspec.Raw(text.encode())) for _, text in texts.values())

    def place_of(field: str) -> str:
        name, _, rest = field.removeprefix("/").partition("/document")
        return place_in(*texts[name], rest) if name in texts else field

    try:
        report = asyncio.run(
            _ask(url, api_key, DiffRequest(before=old, after=new, fail_on=fail_on))
        )
    except QuaestorError as failure:
        raise in_files(failure, after, place_of) from failure
    if form == "table":
        _show(Console(), report)
    else:
        said = report if form == "json" else report.patch
        click.echo(msgspec.json.format(msgspec.json.encode(said), indent=2).decode())
    raise SystemExit(exit_codes.FINDINGS if exit_code and not report.passed else exit_codes.GOOD)


async def _ask(url: str | None, api_key: str | None, request: DiffRequest) -> DiffReport:
    async with audit_api(url, api_key) as api:
        return await api.diff(request)


def _show(console: Console, report: DiffReport) -> None:
    if report.changes:
        table = Table("change", "code", "place", "what", box=None, header_style="dim")
        for change in report.changes:
            style = _STYLES[change.kind]
            table.add_row(
                Text(change.kind, style=style), change.code, change.pointer, _what(change)
            )
        console.print(table)
    counts = report.counts
    told = f"{counts.breaking} breaking, {counts.additive} additive, "
    console.print(f"{told}{counts.documentation} of documentation", highlight=False)
    if counts.left_out:
        console.print(f"{counts.left_out} more left out", style="dim", highlight=False)


def _what(change: Change) -> Text:
    text = Text(change.message)
    if change.witness is not None:
        text.append(f"\nfor example: {change.witness.text}", style="cyan")
    return text
