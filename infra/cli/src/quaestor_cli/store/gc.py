"""`quaestor store gc`: space that nothing needs any more."""

import asyncio
import re

import click
import msgspec
from rich.console import Console
from rich.filesize import decimal
from rich.status import Status

from quaestor_artifact_store.offline import opened
from quaestor_artifact_store.service.collecting import CollectionService
from quaestor_artifact_store.settings import Settings
from quaestor_cli.store.options import of_a_store
from quaestor_shared.client.http import HttpTransport
from quaestor_shared.client.service_client import ServiceClient
from quaestor_shared.clock import utc_now
from quaestor_shared.contracts.collections import (
    CollectionEnvelope,
    CollectionView,
    CreateCollection,
)
from quaestor_shared.telemetry.context import principal

__all__ = ["gc"]

_UNITS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}
_PATIENCE_S = 3_600.0  # for a service to look through a large store


class _Duration(click.ParamType[int]):
    """Reads `90s`, `30m`, `24h`, `7d` as seconds."""

    name = "DURATION"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> int:
        found = re.fullmatch(r"([0-9]{1,6})([smhd])", str(value))
        if found is None:
            self.fail(f"{value!r} is none; write for instance 90s, 30m, 24h or 7d", param, ctx)
        return int(found[1]) * _UNITS[found[2]]


@click.command()
@click.option("--grace", "grace_s", type=_Duration(), default="24h", show_default=True,
              help="How long a content is left alone: before its mark, and between that and its"
              " removal.")  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Only tell what would be done.")
@click.option("--json", "as_json", is_flag=True, help="Give the result as JSON.")
@click.option("--url", help="Address of a running artifact-store that is to do it itself.")
@of_a_store
def gc(settings: Settings, *, grace_s: int, dry_run: bool, as_json: bool, url: str | None) -> None:
    """Mark contents that nothing names, and remove those that were marked a grace period ago.

    So what a purge left is gone after two runs. Also removes what uploads that were cut off left,
    and idempotency keys whose time is over. Safe beside any writes; the grace period is for
    backups: it has to be longer than one takes.

    On SQLite the service must not be running, or is asked to do it itself (--url, the address of
    artifact-store, not of the gateway).
    """
    ask = CreateCollection(grace_s=grace_s, dry_run=dry_run)
    done = asyncio.run(_collect(settings, ask, url))
    if as_json:
        click.echo(msgspec.json.encode(done))
    else:
        _show(done, dry_run=dry_run)


async def _collect(settings: Settings, ask: CreateCollection, url: str | None) -> CollectionView:
    principal.set("operator")  # in the context of this run alone
    return await (_asked(url, ask) if url else _own(settings, ask))


async def _asked(url: str, ask: CreateCollection) -> CollectionView:
    client = ServiceClient(HttpTransport(url, timeout_s=_PATIENCE_S), service="artifact-store")
    try:
        return (await client.call("POST", "/v1/collections", CollectionEnvelope, body=ask)).data
    finally:
        await client.close()


async def _own(settings: Settings, ask: CreateCollection) -> CollectionView:
    with Status("looking at contents", console=Console(stderr=True)) as status:
        async with opened(settings) as (database, blobs):
            return await CollectionService(database, blobs, utc_now).collect(
                ask.grace_s,
                dry_run=ask.dry_run,
                progress=lambda count: status.update(f"looking at contents: {count}"),
            )


def _show(done: CollectionView, *, dry_run: bool) -> None:
    would = "would be " if dry_run else ""
    click.echo(f"{done.looked_at} contents looked at")
    click.echo(f"{done.marked} {would}marked: nothing names them")
    click.echo(f"{done.removed} {would}removed ({decimal(done.removed_bytes)})")
    click.echo(f"{done.waiting} marked, to be removed in a later run")
    if not dry_run:
        click.echo(f"{done.unfinished} unfinished uploads, {done.expired_keys} expired keys gone")
