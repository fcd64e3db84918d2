"""Sections of a document by who owns them: read as a whole, and written without touching others."""

import re
from collections.abc import Iterator

from quaestor_artifact_store.domain.compare.texts import ends_in_fence
from quaestor_artifact_store.domain.content import digest_of
from quaestor_shared.contracts.errors import ErrorCode, ErrorDetail
from quaestor_shared.contracts.sections import SectionView
from quaestor_shared.errors import Conflict, InvalidInput
from quaestor_shared.sections import (
    END,
    START,
    BrokenSection,
    Section,
    all_sections,
    has_marker,
    put_section,
    wrapped,
)

__all__ = ["sections", "with_section"]

_UTF_16 = (b"\xff\xfe", b"\xfe\xff")  # as its byte order mark tells
_CLOSING = re.compile(rb"[ \t]#+[ \t]*\Z")  # a heading may be closed (CommonMark 4.2)


def sections(document: bytes) -> Iterator[SectionView]:
    """Give each section between markers that has a heading."""
    for section in all_sections(document):
        text = document[section.begin + len(START) : section.end - len(END)].strip(b"\r\n")
        yield SectionView(
            owner=_owner(section.heading),
            level=_level(section.heading),
            text=text.decode(errors="replace"),
            digest=digest_of(text),
            first_line=document.count(b"\n", 0, section.begin) + 1,
            last_line=document.count(b"\n", 0, section.end) + 1,
        )


def with_section(document: bytes, owner: str, text: str) -> bytes:
    """Replace the section of an owner, or append one; every other byte stays.

    The section has the line ends of the document. Raises InvalidInput for a text that cannot be a
    section of that owner, Conflict for a document whose section has no end, or that is no UTF-8.
    """
    if document.startswith(_UTF_16):
        raise Conflict("The document is UTF-16; a section would be UTF-8.", code=ErrorCode.CONFLICT)
    new = text.strip("\r\n").encode()
    heading = new.split(b"\n", 1)[0].rstrip()
    faults = _faults(new, heading, owner)
    if faults:
        raise InvalidInput("The text cannot be a section of this owner.", details=faults)
    section = wrapped(new)
    if b"\r\n" in document and b"\n" not in document.replace(b"\r\n", b""):
        section = section.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    there = _of_owner(document, owner)
    if there is not None:
        return document[: there.begin] + section + document[there.end :]
    try:
        return put_section(document, section, heading)
    except BrokenSection as error:
        raise Conflict(
            f"The document cannot be written to: {error}.", code=ErrorCode.CONFLICT
        ) from error


def _of_owner(document: bytes, owner: str) -> Section | None:
    found = (one for one in all_sections(document) if _owner(one.heading) == owner)
    return next(found, None)


def _faults(text: bytes, heading: bytes, owner: str) -> list[ErrorDetail]:
    faults = []
    if not _level(heading) or _owner(heading) != owner:
        faults.append(
            ErrorDetail(
                field="/text", message="begin with the owner's heading", example=f"## {owner}"
            )
        )
    if has_marker(text):
        faults.append(
            ErrorDetail(field="/text", message="leave the section's markers out; they are added")
        )
    if ends_in_fence(text.decode()):
        faults.append(ErrorDetail(field="/text", message="close the fenced block"))
    return faults


def _level(heading: bytes) -> int:
    marks = len(heading) - len(heading.lstrip(b"#"))
    return marks if marks <= 6 and heading[marks : marks + 1] in (b" ", b"\t") else 0


def _owner(heading: bytes) -> str:
    name = _CLOSING.sub(b"", heading.lstrip(b"#")).strip()
    return name.decode(errors="replace")
