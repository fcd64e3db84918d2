"""`quaestor store restore`: a backup, back in a store."""

import asyncio
from pathlib import Path

import click

from quaestor_artifact_store.backups.manifest import Manifest
from quaestor_artifact_store.backups.restoring import restore as bring_back
from quaestor_artifact_store.offline import where
from quaestor_artifact_store.settings import Settings
from quaestor_cli import exit_codes
from quaestor_cli.store.counting import Counting
from quaestor_cli.store.options import of_a_store

__all__ = ["restore"]


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@of_a_store
def restore(settings: Settings, *, folder: Path) -> None:
    """Bring the backup in FOLDER back into a store that has nothing yet.

    Rows and contents are compared with the backup's manifest, hash by hash. A backup of SQLite can
    be restored into PostgreSQL, and the other way round. The exit status is 1 for a backup that was
    made when contents were lost already.
    """
    manifest = asyncio.run(_restore(settings, folder))
    click.echo(
        f"{where(settings)}: {sum(manifest.rows.values())} rows up to change {manifest.position},"
        f" as of {manifest.created_at}"
    )
    for digest in manifest.lost:
        click.echo(f"lost before the backup: {digest}")
    if manifest.lost:
        raise SystemExit(exit_codes.FINDINGS)


async def _restore(settings: Settings, folder: Path) -> Manifest:
    with Counting("restoring") as counting:
        return await bring_back(
            settings, folder, lambda _digest, size: counting.count("restored", size)
        )
