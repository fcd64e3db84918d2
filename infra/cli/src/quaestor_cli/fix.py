"""`quaestor fix FILE`: apply the fixes that cannot change what a design says."""

import asyncio
import sys
from pathlib import Path

import click
from rich.console import Console

from quaestor_cli import exit_codes
from quaestor_cli.audit_options import audit_options, refusals_shown
from quaestor_cli.local import audit_api
from quaestor_cli.patches import patch, show_patch
from quaestor_cli.refusals import name_of, write_text
from quaestor_cli.validate import design_of, summary
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
@refusals_shown
def fix(
    file: Path, *, config: Path | None, write: bool, url: str | None, api_key: str | None
) -> None:
    """Mend what can be mended safely in FILE. The exit status is 1 while errors are left."""
    piped = not sys.stdout.isatty()
    design = design_of(file, config, None, None, None)
    try:
        fixed = asyncio.run(_ask(url, api_key, design.request))
    except QuaestorError as failure:
        raise design.refused(failure) from failure
    before = design.text
    after = _around(before, fixed.text)
    difference = patch(name_of(file), before, after)
    # A patch alone goes down a pipe; what is told about it goes to the person.
    console = Console(stderr=piped)
    if piped:
        click.echo(difference.encode(), nl=False)
    else:
        show_patch(console, difference)
    for applied in fixed.applied:
        console.print(f"  [green]✓[/] {applied.code} ", end="", highlight=False)
        said = f"{applied.pointer}: {applied.description}"
        console.print(said, markup=False, highlight=False)
    if write and before != after:
        write_text(file, after)
    report = design.fixed(fixed.report)
    summary(console, file, report, design.place)
    raise SystemExit(exit_codes.GOOD if fixed.report.valid else exit_codes.FINDINGS)


def _around(before: str, fixed: str) -> str:
    """Put the space that stands before and behind the document in its file around the fixed one."""
    space = " \t\r\n"
    start = len(before) - len(before.lstrip(space))
    return before[:start] + fixed.strip(space) + before[len(before.rstrip(space)) :]


async def _ask(url: str | None, api_key: str | None, request: ValidateRequest) -> FixReport:
    async with audit_api(url, api_key) as api:
        return await api.fix(request)
