"""One behavioural suite for every blob store."""

import asyncio
import gzip
import os
import zlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.blob_stores import in_chunks

from quaestor_artifact_store.blobs import WHOLE, BlobStore
from quaestor_artifact_store.domain.content import digest_of
from quaestor_artifact_store.domain.packing import packed, unpacked
from quaestor_artifact_store.uploads import pieces
from quaestor_artifact_store.verified import read_whole
from quaestor_shared.contracts.errors import ErrorCode
from quaestor_shared.errors import InvalidInput, NotFound

pytestmark = pytest.mark.anyio
CONTENT = b"what was decided"
DIGEST = digest_of(CONTENT)
NOISE = os.urandom(11 * 1024 * 1024 + 7)
DESIGN = b'{"entities": [{"name": "MealPlan", "fields": ["id", "email"]}]}\n' * 300
CONTENTS = {
    "empty": b"",
    "small": CONTENT,
    "text": DESIGN,
    "gzip": zlib.compress(NOISE[:30_000], wbits=31),
    "one piece": NOISE[:WHOLE],
    "a byte more": NOISE[: WHOLE + 1],
    "parts": NOISE,
}


FEW = pytest.mark.parametrize("content", ["small", "text", "a byte more"], indirect=True)


@pytest.fixture(params=CONTENTS)
def content(request: pytest.FixtureRequest) -> bytes:
    """Give contents of every kind and size."""
    return CONTENTS[request.param]


async def kept(blobs: BlobStore) -> list[str]:
    """List the digests of all that a store has."""
    return [found.digest for found in await blobs.page("", 1000)]


async def test_what_is_put_can_be_got(blobs: BlobStore, content: bytes) -> None:
    """A content comes back as it was put, whole and in size, however often it is put."""
    digest = digest_of(content)
    for _ in range(2):
        await blobs.put(digest, content)
        assert await blobs.get(digest) == content
        assert await blobs.size(digest) == len(content)


async def test_what_is_streamed_can_be_got(blobs: BlobStore, content: bytes) -> None:
    """A content that comes in chunks is kept like one that comes whole."""
    digest = digest_of(content)
    assert await blobs.put_stream(digest, in_chunks(content)) == len(content)
    assert await blobs.get(digest) == content
    assert len(await read_whole(blobs, digest)) == -(-len(content) // WHOLE)


@FEW
async def test_ranges(blobs: BlobStore, content: bytes) -> None:
    """A range is the slice of the content, also where it ends, begins or lies behind the end."""
    digest, size = digest_of(content), len(content)
    await blobs.put(digest, content)
    for start, end in ((0, 1), (0, size), (3, 9), (size // 2, size + 5), (size, size + 1), (5, 5)):
        assert await blobs.get_range(digest, start, end) == content[start:end]


async def test_absent(blobs: BlobStore) -> None:
    """A content that was never put is not found, has no size, and cannot be removed."""
    digest = digest_of(b"never put")
    for read in (blobs.get(digest), blobs.get_range(digest, 0, 1), read_whole(blobs, digest)):
        with pytest.raises(NotFound):
            await read
    assert await blobs.size(digest) is None
    assert await blobs.delete(digest) is False


@pytest.mark.parametrize("content", [CONTENT, NOISE], ids=["small", "large"], indirect=False)
async def test_another_digest(blobs: BlobStore, content: bytes) -> None:
    """A stream that does not have its digest is refused, and nothing of it is kept."""
    with pytest.raises(InvalidInput) as caught:
        await blobs.put_stream(DIGEST, in_chunks(content + b"!"))
    assert caught.value.code is ErrorCode.DIGEST_MISMATCH
    assert await kept(blobs) == []
    assert await blobs.discard_unfinished(datetime.now(UTC) + timedelta(days=1)) == 0


async def test_a_stream_that_breaks(blobs: BlobStore) -> None:
    """A stream that ends in an error leaves nothing behind, neither a content nor parts of one."""
    with pytest.raises(ConnectionResetError):
        await blobs.put_stream(digest_of(NOISE), in_chunks(NOISE, error=ConnectionResetError()))
    assert await kept(blobs) == []
    assert await blobs.discard_unfinished(datetime.now(UTC) + timedelta(days=1)) == 0


async def test_a_stream_that_is_cancelled(blobs: BlobStore) -> None:
    """Whoever gives up in the middle of a stream leaves nothing behind either."""
    begun = asyncio.Event()

    async def stalled() -> None:
        async def chunks() -> AsyncIterator[bytes]:
            yield NOISE
            begun.set()
            await asyncio.sleep(60)

        await blobs.put_stream(digest_of(NOISE), chunks())

    task = asyncio.create_task(stalled())
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await kept(blobs) == []
    assert await blobs.discard_unfinished(datetime.now(UTC) + timedelta(days=1)) == 0


async def test_many_at_once(blobs: BlobStore) -> None:
    """The same content from many writers at once is kept whole."""
    content = b"at once" * 10_000
    digest = digest_of(content)
    await asyncio.gather(*(blobs.put(digest, content) for _ in range(12)))
    assert await blobs.get(digest) == content
    assert await kept(blobs) == [digest]


async def test_pages(blobs: BlobStore) -> None:
    """All contents are listed once, in the order of their digests, page by page."""
    before = datetime.now(UTC) - timedelta(seconds=2)  # S3 tells whole seconds
    contents = [f"content {number}".encode() * 100 for number in range(23)] + [DESIGN]
    await asyncio.gather(*(blobs.put(digest_of(content), content) for content in contents))
    listed, after = [], ""
    while page := await blobs.page(after, 5):
        assert len(page) <= 5
        listed += page
        after = page[-1].digest
    assert [found.digest for found in listed] == sorted(map(digest_of, contents))
    for found in listed:
        assert 0 < found.stored_size <= len(DESIGN)
        assert before <= found.put_at <= datetime.now(UTC) + timedelta(seconds=2)


@FEW
async def test_delete(blobs: BlobStore, content: bytes) -> None:
    """A content that is removed is gone, and can be put again."""
    digest = digest_of(content)
    await blobs.put(digest, content)
    assert await blobs.delete(digest) is True
    assert await blobs.size(digest) is None
    assert await kept(blobs) == []
    await blobs.put(digest, content)
    assert await blobs.get(digest) == content


async def test_delete_what_is_old(blobs: BlobStore) -> None:
    """A content that was put since the given time stays."""
    await blobs.put(DIGEST, CONTENT)
    now = datetime.now(UTC)
    assert await blobs.delete(DIGEST, put_before=now - timedelta(hours=1)) is False
    assert await blobs.get(DIGEST) == CONTENT
    assert await blobs.delete(DIGEST, put_before=now + timedelta(hours=1)) is True
    assert await kept(blobs) == []


async def test_ready(blobs: BlobStore) -> None:
    """A store that works says so."""
    await blobs.check()


@given(st.binary(max_size=200), st.integers(0, 200))
def test_packing(pattern: bytes, times: int) -> None:
    """What is packed takes fewer blocks, and unpacks to what it was."""
    content = pattern * times
    made = packed(content)
    if made is not None:
        assert -(-len(made) // 4096) < -(-len(content) // 4096)
        assert unpacked(made, len(content)) == content


def test_damage_to_what_is_packed() -> None:
    """Every changed bit is found, and so are a missing end and an addition."""
    made = packed(DESIGN)
    assert made is not None
    assert gzip.decompress(made) == DESIGN
    changed = [bytearray(made) for _ in range(len(made) * 8)]
    for number, stored in enumerate(changed):
        stored[number // 8] ^= 1 << number % 8
    for broken in (*map(bytes, changed), made[:-1], made + b"x", b"", b"x" * 100):
        with pytest.raises(ValueError, match="not as it was written"):
            unpacked(broken, len(DESIGN))
    with pytest.raises(ValueError, match="too long"):
        unpacked(made, len(DESIGN) - 1)


@given(st.lists(st.binary(max_size=50)), st.integers(1, 60))
async def test_pieces(chunks: list[bytes], size: int) -> None:
    """However a stream comes, its pieces are full, but for the last, and are the same bytes."""

    async def coming() -> AsyncIterator[bytes]:
        for chunk in chunks:
            yield chunk

    cut = [piece async for piece in pieces(coming(), size)]
    assert b"".join(cut) == b"".join(chunks)
    assert [len(piece) for piece in cut[:-1]] == [size] * (len(cut) - 1)
    assert cut
    assert len(cut[-1]) <= size
