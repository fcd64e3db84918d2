"""`quaestor store migrate`: the steps of the schema."""

import click
from rich.console import Console
from rich.table import Table

from quaestor_artifact_store.offline import schema_alone, schema_seen, where
from quaestor_artifact_store.settings import Settings
from quaestor_cli.store.options import of_a_store

__all__ = ["migrate"]


@click.group()
def migrate() -> None:
    """Take steps of the schema, up or down, or list them.

    A service takes the steps that are missing when it starts, so `up` is for who wants to choose
    the moment. `down` is for who goes back to an older version: take back what that version does
    not know, then start it. No service may be running on the store.
    """


@migrate.command()
@of_a_store
def status(settings: Settings) -> None:
    """List the steps, and when each was taken."""
    with schema_seen(settings) as schema:
        taken, pending = schema.taken(), schema.missing()
    table = Table("step", "taken at", header_style="dim", box=None)
    for name, at in taken.items():
        table.add_row(name, at)
    for step in pending:
        table.add_row(step.name, "[yellow]not yet[/]")
    Console().print(table)


@migrate.command()
@of_a_store
def up(settings: Settings) -> None:
    """Take the steps that are missing."""
    with schema_alone(settings) as schema:
        names = schema.up()
    for name in names:
        click.echo(f"taken: {name}")
    if not names:
        click.echo("nothing to do: every step was taken")


@migrate.command()
@click.option("--to", metavar="STEP", help="The last step to keep, by name or number; 0 for none.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@of_a_store
def down(settings: Settings, *, to: str | None, yes: bool) -> None:
    """Take the newest step back, or more of them. What only they had a place for is lost."""
    with schema_alone(settings) as schema:
        taken = [*schema.taken()]
        keep = _kept(taken, to)
        back = taken[keep:]
        if not back:
            click.echo("nothing to do: no step is to be taken back")
            return
        click.echo(f"To be taken back in {where(settings)}: {', '.join(reversed(back))}.")
        if not yes:
            click.confirm("What only they had a place for is lost. Go on?", abort=True)
        for name in schema.down(keep):
            click.echo(f"taken back: {name}")


def _kept(taken: list[str], to: str | None) -> int:
    """Give how many steps stay. Raises UsageError for a step that was not taken."""
    if to is None:
        return max(len(taken) - 1, 0)
    if to == "0":
        return 0
    for count, name in enumerate(taken, start=1):
        if to in (name, name.partition("_")[0]):
            return count
    raise click.UsageError(f"{to} is none of the steps that were taken: {', '.join(taken)}.")
