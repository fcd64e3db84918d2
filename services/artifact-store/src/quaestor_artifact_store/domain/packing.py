"""How a content lies in a file: as gzip (RFC 1952) where that takes less room, else as it is.

A file takes whole blocks, so room is counted in blocks: what fits into one gains nothing. The
fastest level is used: on texts of 2 to 50 KB the slower ones save hardly a block more
(docs/performance.md).

The comment of the gzip header is a checksum of all that follows, because a changed bit in packed
data need not change the content: it is to be found all the same, before the next one does.
"""

import struct
import zlib

__all__ = ["packed", "unpacked"]

_BLOCK = 4096  # bytes, on nearly every file system
_FASTEST = 1
_RAW, _GZIP = -15, 31  # zlib's names for deflated data alone, and in a gzip file
_HEADER = b"\x1f\x8b\x08\x10\0\0\0\0\x04\xff"  # deflate, a comment, no date, from any system
_COMMENT = 9  # bytes: eight hexadecimal digits, and a zero


def packed(content: bytes) -> bytes | None:
    """Give a content as gzip, or None where that takes as many blocks. The same each time."""
    if len(content) <= _BLOCK:
        return None
    deflated = zlib.compress(content, _FASTEST, wbits=_RAW)
    rest = deflated + struct.pack("<II", zlib.crc32(content), len(content))
    made = _HEADER + _comment(rest) + rest
    return made if _blocks(made) < _blocks(content) else None


def unpacked(stored: bytes, most: int) -> bytes:
    """Give the content of a packed file back.

    Raises ValueError if a bit of it has changed, or if it has over `most` bytes, which keeps what
    is no file of ours from filling the memory.
    """
    start = len(_HEADER)
    comment, rest = stored[start : start + _COMMENT], stored[start + _COMMENT :]
    if not stored.startswith(_HEADER) or comment != _comment(rest):
        raise ValueError("not as it was written")
    try:
        content = zlib.decompressobj(wbits=_GZIP).decompress(stored, most + 1)
    except zlib.error as error:
        raise ValueError(str(error)) from error
    if len(content) > most:
        raise ValueError("too long")
    return content


def _comment(rest: bytes) -> bytes:
    return b"%08x\0" % zlib.crc32(rest)


def _blocks(stored: bytes) -> int:
    return -(-len(stored) // _BLOCK)
