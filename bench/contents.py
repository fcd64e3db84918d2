"""What it costs to keep contents in files: `python -m bench.contents [packing|putting]`.

`packing` packs our own documents and schemas at each level of zlib, and counts bytes, blocks of a
file system, and time. `putting` keeps contents of 3 KB, 64 waiting at any time: as the store does,
each synced by itself by more and more threads, and, the peer, the same write, sync, rename, sync,
one after the other.
"""

import asyncio
import os
import statistics
import sys
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from bench.harness import ROOT, scratch
from quaestor_artifact_store.domain.content import digest_of
from quaestor_artifact_store.fs_blobs import FileBlobs
from quaestor_artifact_store.fs_blobs.files import Files

ROUNDS, CONTENTS, WAITING, BLOCK = 3, 640, 64, 4096


def documents() -> Iterator[tuple[str, bytes]]:
    """Give the documents and schemas of the repository that have 2 to 50 KB."""
    for file in sorted(
        [*ROOT.glob("docs/**/*.md"), *ROOT.glob("*.md"), *ROOT.glob("specs/*.json")]
    ):
        content = file.read_bytes()
        if 2_000 <= len(content) <= 50_000:
            yield file.name, content


def packing() -> None:
    """Print sizes and times of packing, over all documents."""
    found = [content for _, content in documents()]
    print(f"{len(found)} documents, {sum(map(len, found)):,} bytes, {blocks(found)} blocks")
    print("| level | bytes | blocks | pack, µs each | unpack, µs each |\n|---|---|---|---|---|")
    for level in (1, 3, 6, 9):
        packed = _pack(found, level)
        pack = timed(partial(_pack, found, level))
        unpack = timed(partial(_unpack, packed))
        print(
            f"| {level} | {sum(map(len, packed)):,} | {blocks(packed)}"
            f" | {pack / len(found):.0f} | {unpack / len(found):.0f} |"
        )


def _pack(found: list[bytes], level: int) -> list[bytes]:
    return [zlib.compress(content, level, wbits=31) for content in found]


def _unpack(packed: list[bytes]) -> list[bytes]:
    return [zlib.decompress(content, wbits=31) for content in packed]


def blocks(contents: list[bytes]) -> int:
    """Count the blocks that files of these contents take."""
    return sum(-(-len(content) // BLOCK) for content in contents)


def timed(act: Callable[[], object]) -> float:
    """Give the median time of an act, in microseconds."""
    taken = []
    for _ in range(20):
        started = time.perf_counter()
        act()
        taken.append((time.perf_counter() - started) * 1e6)
    return statistics.median(taken)


def putting() -> None:
    """Print the contents kept a second, by threads."""
    rates: dict[str, list[float]] = {}
    sides = {"one after the other": alone, "the store": together}
    sides |= {f"by themselves, {n} threads": partial(apart, threads=n) for n in (4, 16, 32, 64)}
    with tempfile.TemporaryDirectory(dir=scratch()) as root:
        for number in range(ROUNDS):
            for name, side in sides.items():
                folder = Path(root) / f"{number} {name}"
                folder.mkdir()
                rates.setdefault(name, []).append(side(folder))
    print("| | contents/s, median | each round |\n|---|---|---|")
    for name, found in rates.items():
        each = ", ".join(f"{rate:,.0f}" for rate in found)
        print(f"| {name} | {statistics.median(found):,.0f} | {each} |")


def contents() -> list[bytes]:
    """Make contents that nobody has kept before."""
    return [os.urandom(16) + b"x" * 3000 for _ in range(CONTENTS)]


def together(folder: Path) -> float:
    """Give the contents kept a second by the store."""

    async def run() -> float:
        store = FileBlobs(folder / "blobs")
        await store.check()
        free, made = asyncio.Semaphore(WAITING), contents()

        async def one(content: bytes) -> None:
            async with free:
                await store.put(digest_of(content), content)

        started = time.perf_counter()
        await asyncio.gather(*map(one, made))
        await store.close()  # what it does behind their backs is done, and counts
        return CONTENTS / (time.perf_counter() - started)

    return asyncio.run(run())


def apart(folder: Path, *, threads: int) -> float:
    """Give the contents kept a second by so many threads, each synced by itself."""
    files, made = Files(folder / "blobs"), contents()
    files.check()
    with ThreadPoolExecutor(threads) as pool:
        started = time.perf_counter()
        list(pool.map(lambda content: files.put(digest_of(content), content), made))
        return CONTENTS / (time.perf_counter() - started)


def alone(folder: Path) -> float:
    """Give the contents kept a second by a plain loop, into one folder."""
    made, started = contents(), time.perf_counter()
    for content in made:
        name = digest_of(content)[7:]
        with (folder / f".{name}").open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        (folder / f".{name}").rename(folder / name)
        descriptor = os.open(folder, os.O_RDONLY)
        os.fsync(descriptor)
        os.close(descriptor)
    return CONTENTS / (time.perf_counter() - started)


if __name__ == "__main__":
    {"packing": packing, "putting": putting}[sys.argv[1] if len(sys.argv) > 1 else "putting"]()
