"""A store with many versions, filled through the repository's functions, not over HTTP.

A thousand contents of 300 bytes are shared by all versions, so that a million of them is a
matter of rows, indexes and minutes. Each artifact has ten versions, each feature a thousand.
"""

import asyncio
import random
import shutil
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

import msgspec

from quaestor_artifact_store.database import Transaction
from quaestor_artifact_store.domain.content import digest_of
from quaestor_artifact_store.domain.search.document import document
from quaestor_artifact_store.fs_blobs import FileBlobs
from quaestor_artifact_store.repository import artifacts
from quaestor_artifact_store.repository.rows import NewVersion
from quaestor_artifact_store.sqlite.database import SqliteDatabase
from quaestor_shared.clock import utc_now
from quaestor_shared.contracts.versions import IfExists

__all__ = ["COMMON", "PHRASE", "RARE", "filled"]

_CONTENTS, _ARTIFACTS, _FEATURE, _GROUP = 1_000, 100, 1_000, 1_000
_MEDIA = "application/json"
# In every content; in one of a thousand; two words side by side in one of ten.
COMMON, RARE, PHRASE = "service", "rare0907", '"nightly export"'


class _Content(NamedTuple):
    raw: bytes
    digest: str


def filled(folder: Path, sizes: Sequence[int]) -> Iterator[tuple[int, Path]]:
    """Give, for each size, a folder of a store that has so many versions."""
    growing, have = folder / "growing", 0
    contents = asyncio.run(_put(growing))
    for size in sorted(sizes):
        asyncio.run(_fill(growing, contents, range(have, size)))
        have, copy = size, folder / f"of-{size}"
        shutil.copytree(growing, copy)
        yield size, copy


async def _put(folder: Path) -> list[_Content]:
    """Put the contents that versions will name."""
    chance = random.Random(7)  # noqa: S311 - the same contents each time
    words = [f"word{number:04d}" for number in range(5_000)]
    contents = []
    for number in range(_CONTENTS):
        text = " ".join(chance.choices(words, k=20))
        design = {
            "overview": {"kind": f"{COMMON} {text}", "mark": f"rare{number:04d}"},
            "processes": {"job": "nightly export" if number % 10 == 0 else "export nightly"},
        }
        raw = msgspec.json.encode(design)
        contents.append(_Content(raw, digest_of(raw)))
    blobs = FileBlobs(folder / "blobs")
    await asyncio.gather(*(blobs.put(one.digest, one.raw) for one in contents))
    await blobs.close()
    return contents


async def _fill(folder: Path, contents: Sequence[_Content], numbers: range) -> None:
    """Write versions in groups, each a transaction."""
    database = SqliteDatabase(folder / "store.db", utc_now)

    def write(tx: Transaction, group: range) -> None:
        for number in group:
            one = contents[number % _CONTENTS]
            feature = f"bench-{number // _FEATURE}"
            path = f"design/{number % _ARTIFACTS}.json"
            new = NewVersion(
                feature_id=feature,
                path=path,
                digest=one.digest,
                size=len(one.raw),
                media_type=_MEDIA,
                if_exists=IfExists.NEW_VERSION,
                document=document(one.raw, feature_id=feature, path=path, media_type=_MEDIA),
            )
            artifacts.create_version(tx, new, "")

    for start in range(numbers.start, numbers.stop, _GROUP):
        group = range(start, min(start + _GROUP, numbers.stop))
        await database.write(partial(write, group=group))
    await asyncio.to_thread(database.close)
