"""`quaestor store copy`: the contents of one store into another."""

import asyncio
from collections import Counter

import click

from quaestor_artifact_store.blobs import BlobStore
from quaestor_artifact_store.locations import blobs_at
from quaestor_artifact_store.service.copying import Copied, Fate, copy_contents
from quaestor_cli import exit_codes
from quaestor_cli.store.counting import Counting
from quaestor_cli.store.options import failures_told, read_settings

__all__ = ["copy"]


@click.command()
@click.option("--from", "source", metavar="LOCATION", required=True, help="Where contents are.")
@click.option("--to", "target", metavar="LOCATION", required=True, help="Where they are to be.")
def copy(source: str, target: str) -> None:
    """Copy contents from one store of contents to another.

    \b
    A LOCATION is one of
      fs:/var/lib/quaestor/blobs
      s3://bucket/prefix?endpoint=https://s3.example.org&region=eu-central-1
    and a bucket may also have path_style=false and profile=<a profile of the AWS configuration>.

    Each content is hashed on its way and read back. What is there already, and whole, is left as
    it is, so the command can be run again. The exit status is 1 when a content is damaged where it
    comes from, and so was not copied.
    """
    settings = read_settings()
    try:
        stores = (
            blobs_at(source, settings, existing=True),
            blobs_at(target, settings, existing=False),
        )
    except ValueError as error:
        raise click.UsageError(f"{error}.") from error
    with failures_told():
        fates = asyncio.run(_copy(*stores))
    if fates[Fate.DAMAGED]:
        raise SystemExit(exit_codes.FINDINGS)


async def _copy(source: BlobStore, target: BlobStore) -> Counter[str]:
    try:
        await target.check()
        with Counting("copying") as counting:

            def tell(one: Copied) -> None:
                counting.count(one.fate, one.size)
                if one.fate is Fate.DAMAGED:
                    counting.say(f"damaged: {one.digest}")

            await copy_contents(source, target, tell)
        return counting.counts
    finally:
        await source.close()
        await target.close()
