"""`quaestor store backup`: everything, as it is now, in a folder."""

import asyncio
from pathlib import Path

import click

from quaestor_artifact_store.backups.manifest import Manifest
from quaestor_artifact_store.backups.saving import Saved, save
from quaestor_artifact_store.settings import Settings
from quaestor_cli import exit_codes
from quaestor_cli.store.counting import Counting
from quaestor_cli.store.options import of_a_store
from quaestor_shared.clock import utc_now

__all__ = ["backup"]


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@of_a_store
def backup(settings: Settings, *, folder: Path) -> None:
    """Write a backup into FOLDER, which is made; services go on meanwhile.

    Its rows are of one moment, in a SQLite file whichever database they come from; the contents
    that they name are copied after that, each read back and hashed. The exit status is 1 when a
    content is lost: damaged or missing in the store itself.
    """
    manifest = asyncio.run(_save(settings, folder))
    click.echo(
        f"{folder}: {sum(manifest.rows.values())} rows up to change {manifest.position},"
        f" as of {manifest.created_at}"
    )
    if manifest.lost:
        raise SystemExit(exit_codes.FINDINGS)


async def _save(settings: Settings, folder: Path) -> Manifest:
    with Counting("saving") as counting:

        def tell(one: Saved) -> None:
            counting.count("lost" if one.lost else "saved", one.size)
            if one.lost:
                counting.say(f"lost: {one.digest}")

        return await save(settings, folder, utc_now, tell)
