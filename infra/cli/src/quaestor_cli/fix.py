"""`quaestor fix FILE`: apply the fixes that cannot change what a design says."""

import asyncio
import difflib
from pathlib import Path

import click
from rich.console import Console
from rich.syntax import Syntax

from quaestor_cli import exit_codes, show
from quaestor_cli.audit_options import audit_options
from quaestor_cli.local import audit_api
from quaestor_cli.validate import request_for, summary
from quaestor_shared.contracts.fixes import FixReport
from quaestor_shared.contracts.validation import ValidateRequest
from quaestor_shared.errors import QuaestorError

__all__ = ["fix"]

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("file", type=FILE)
@click.option("--config", type=FILE, help="How to audit; else the nearest quaestor.yaml.")
@click.option("--write", is_flag=True, help="Write the file; else only show the difference.")
@audit_options
def fix(
    file: Path, *, config: Path | None, write: bool, url: str | None, api_key: str | None
) -> None:
    """Mend what can be mended safely in FILE. The exit status is 1 while errors are left."""
    console = Console()
    try:
        request = request_for(file, config, None, None, None)
        fixed = asyncio.run(_ask(url, api_key, request))
    except QuaestorError as failure:
        show.error(console, failure)
        raise SystemExit(exit_codes.of(failure)) from failure
    before = file.read_text("utf-8")
    after = fixed.text.strip("\n") + before[len(before.rstrip("\n")) :]
    if before != after:
        lines = before.splitlines(keepends=True), after.splitlines(keepends=True)
        text = "".join(difflib.unified_diff(*lines, str(file), f"{file} (fixed)"))
        console.print(Syntax(text, "diff", background_color="default", word_wrap=True))
    for applied in fixed.applied:
        place = f"{applied.code} {applied.pointer}: {applied.description}"
        console.print(f"  [green]✓[/] {place}", highlight=False)
    if write and before != after:
        file.write_text(after, "utf-8")
    summary(console, file, fixed.report)
    raise SystemExit(exit_codes.GOOD if fixed.report.valid else exit_codes.FINDINGS)


async def _ask(url: str | None, api_key: str | None, request: ValidateRequest) -> FixReport:
    async with audit_api(url, api_key) as api:
        return await api.fix(request)
