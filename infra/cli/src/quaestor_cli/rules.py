"""`quaestor rules`: what is checked, and how severe each preset takes it."""

import asyncio

import click
from rich.console import Console
from rich.table import Table

from quaestor_cli.audit_options import OneOf, audit_options, refusals_shown
from quaestor_cli.local import audit_api
from quaestor_shared.contracts.configuration import Level, Preset
from quaestor_shared.contracts.validation import RuleView

__all__ = ["rules"]

_STYLES = {Level.ERROR: "bold red", Level.WARN: "yellow", Level.INFO: "cyan", Level.OFF: "dim"}


@click.command()
@click.argument("pattern", required=False, metavar="[CODE]")
@click.option("--preset", type=OneOf(Preset), help="Only what this preset applies.")
@audit_options
@refusals_shown
def rules(
    pattern: str | None, *, preset: Preset | None, url: str | None, api_key: str | None
) -> None:
    """List the rules; those whose code begins with CODE, with their options, where it is given."""
    console = Console()
    found = asyncio.run(_ask(url, api_key))
    wanted = [
        rule
        for rule in found
        if rule.code.startswith(pattern or "")
        and (preset is None or rule.presets.get(preset) is not Level.OFF)
    ]
    if not wanted:
        raise click.UsageError(f"no rule's code begins with {pattern}.")
    console.print(_table(wanted))
    if pattern:
        for rule in wanted:
            _options(console, rule)


async def _ask(url: str | None, api_key: str | None) -> tuple[RuleView, ...]:
    async with audit_api(url, api_key) as api:
        return await api.rules()


def _table(found: list[RuleView]) -> Table:
    table = Table(box=None, header_style="dim")
    for name in ("rule", *(preset.value for preset in Preset)):
        table.add_column(name, no_wrap=True)
    table.add_column("what holds")
    for rule in found:
        levels = [rule.presets.get(preset, Level.OFF) for preset in Preset]
        shown = [f"[{_STYLES[level]}]{level.value}[/]" for level in levels]
        table.add_row(rule.code, *shown, rule.title)
    return table


def _options(console: Console, rule: RuleView) -> None:
    for name, schema in rule.options.items():
        default = schema.get("default")
        console.print(f"\n{rule.code}  {name} = {default}", markup=False, highlight=False)
        if schema.get("description"):
            console.print(f"  {schema['description']}", style="dim", markup=False)
    console.print(f"\n{rule.code}: {rule.url}", style="dim", markup=False, highlight=False)
