"""`quaestor store stats`: the figures of a store."""

import asyncio

import click
import msgspec
from rich.console import Console
from rich.filesize import decimal
from rich.status import Status
from rich.table import Table

from quaestor_artifact_store.figures import Figures, Latency, take_figures
from quaestor_artifact_store.settings import Settings
from quaestor_cli.store.options import of_a_store
from quaestor_shared.clock import utc_now

__all__ = ["stats"]

_SHOWN_DAYS = 7


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Give the figures as JSON, sizes in bytes.")
@of_a_store
def stats(settings: Settings, *, as_json: bool) -> None:
    """Tell how much there is, how it grew, and how long the disk takes; services go on meanwhile.

    "written" are all versions as if none shared a content, "kept" what is left when equal contents
    are kept once, "stored" what those take, compressed.
    """
    figures = asyncio.run(_take(settings))
    if as_json:
        click.echo(msgspec.json.encode(figures))
    else:
        _show(Console(), figures)


async def _take(settings: Settings) -> Figures:
    with Status("looking at contents", console=Console(stderr=True)) as status:
        return await take_figures(
            settings, utc_now, lambda count: status.update(f"looking at contents: {count}")
        )


def _show(console: Console, figures: Figures) -> None:
    console.print(figures.database, style="bold", highlight=False, soft_wrap=True)
    table = Table("what", "how many", header_style="dim", box=None)
    table.columns[1].justify = "right"
    for name, count in figures.counts.items():
        table.add_row(name.replace("_", " "), f"{count:,}")
    table.add_row("database", decimal(figures.database_bytes))
    table.add_row("contents written", decimal(figures.written_bytes))
    table.add_row("contents kept", decimal(figures.kept_bytes))
    table.add_row("contents stored", decimal(figures.stored_bytes))
    for day in figures.growth[-_SHOWN_DAYS:]:
        table.add_row(f"on {day.day}", f"{day.versions:,} versions, {decimal(day.bytes)}")
    for name, latency in (("fsync", figures.fsync), ("commit", figures.commit)):
        if latency is not None:
            table.add_row(name, _said(latency))
    console.print(table)


def _said(latency: Latency) -> str:
    return f"{latency.median_ms:.2f} ms, at worst {latency.worst_ms:.2f} ms"
