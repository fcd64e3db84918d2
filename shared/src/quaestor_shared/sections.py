"""Our section of a document that other authors write to as well.

A section stands between `<!-- HUMAN_DOC_START -->` and `<!-- HUMAN_DOC_END -->`. Others may use
the same markers for sections of theirs, so ours is the one that begins with our heading. A
section that stands whole inside a fenced code block is somebody's example of one. Works on bytes:
what is not ours stays as it is, whatever its encoding and line ends.
"""

import re
from itertools import pairwise
from typing import NamedTuple

__all__ = [
    "BACKEND_DESIGN",
    "END",
    "START",
    "BrokenSection",
    "Section",
    "all_sections",
    "find_section",
    "has_marker",
    "put_section",
    "wrapped",
]

START = b"<!-- HUMAN_DOC_START -->"
END = b"<!-- HUMAN_DOC_END -->"
BACKEND_DESIGN = b"## Backend Design"
# A document may begin with a byte order mark, which belongs to no line.
_MARKER = re.compile(
    rb"^(?:\A\xef\xbb\xbf)?[ \t]*(<!-- HUMAN_DOC_(?:START|END) -->)[ \t]*\r?$", re.MULTILINE
)
_FENCE = re.compile(rb"^ {0,3}(`{3,}|~{3,})([^\r\n]*)", re.MULTILINE)
_HEADING = re.compile(rb"\s*(#{1,6}[ \t]+[^\r\n]*?)[ \t]*(?:\r?\n|\r?\Z)")
_BLANK_END = re.compile(rb"\n\r?\n\Z")


class BrokenSection(ValueError):
    """A marker of the section has lost its partner; `line` counts from 1."""

    def __init__(self, line: int) -> None:
        super().__init__(f"the section that starts at line {line} has no end marker")
        self.line = line


class Section(NamedTuple):
    """A section from start marker to end marker, as byte offsets, and its heading's line."""

    heading: bytes
    begin: int
    end: int


def all_sections(document: bytes) -> list[Section]:
    """Give every section that has a heading and an end, in the order of the document."""
    found = []
    fences = _fences(document)
    marks = [(m.start(1), m.end(1), m[1] == START) for m in _MARKER.finditer(document)]
    for (begin, inside, opens), (_, end, opens_again) in pairwise(marks):
        heading = _HEADING.match(document, inside) if opens and not opens_again else None
        if heading and not any(first < begin and end < last for first, last in fences):
            found.append(Section(heading[1], begin, end))
    return found


def has_marker(text: bytes) -> bool:
    """Say whether a line of a text would be taken for a marker."""
    return _MARKER.search(text) is not None


def wrapped(text: bytes) -> bytes:
    """Put the markers around a section's text."""
    return START + b"\n" + text.strip(b"\r\n") + b"\n" + END


def find_section(document: bytes, heading: bytes) -> tuple[int, int] | None:
    """Give the byte range from start marker to end marker of the section with this heading.

    Raises BrokenSection when that section starts and does not end.
    """
    marks = [(m.start(1), m.end(1), m[1] == START) for m in _MARKER.finditer(document)]
    headed = re.compile(rb"\s*" + re.escape(heading) + rb"[ \t]*(?:\r?\n|\r?\Z)")
    fences = _fences(document)
    for index, (begin, inside, opens) in enumerate(marks):
        if not opens or not headed.match(document, inside):
            continue
        following = marks[index + 1 : index + 2]
        if not following or following[0][2]:
            raise BrokenSection(document.count(b"\n", 0, begin) + 1)
        end = following[0][1]
        if not any(first < begin and end < last for first, last in fences):
            return begin, end
    return None


def put_section(document: bytes, section: bytes, heading: bytes) -> bytes:
    """Replace the section with this heading, or append it after an empty line.

    `section` goes from start marker to end marker. Every byte outside stays.
    """
    place = find_section(document, heading)
    if place is not None:
        begin, end = place
        return document[:begin] + section + document[end:]
    if not document:
        return section + b"\n"
    line_end = b"\r\n" if b"\r\n" in section else b"\n"
    lines = 0 if _BLANK_END.search(document) else 1 if document.endswith(b"\n") else 2
    return document + lines * line_end + section + line_end


def _fences(document: bytes) -> list[tuple[int, int]]:
    """Give the byte range of every fenced code block that is closed (CommonMark 4.5)."""
    found: list[tuple[int, int]] = []
    opened: tuple[int, bytes] | None = None
    for line in _FENCE.finditer(document):
        mark, rest = line[1], line[2]
        if opened is None:
            if mark[:1] == b"~" or b"`" not in rest:
                opened = line.start(), mark
        elif mark.startswith(opened[1]) and not rest.strip():
            found.append((opened[0], line.end()))
            opened = None
    return found
