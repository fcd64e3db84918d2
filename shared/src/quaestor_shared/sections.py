"""Our section of a document that other authors write to as well.

A section stands between `<!-- HUMAN_DOC_START -->` and `<!-- HUMAN_DOC_END -->`. Others may use
the same markers for sections of theirs, so ours is the one that begins with our heading. Works
on bytes: what is not ours stays as it is, whatever its encoding and line ends.
"""

import re

__all__ = ["BACKEND_DESIGN", "END", "START", "BrokenSection", "find_section", "put_section"]

START = b"<!-- HUMAN_DOC_START -->"
END = b"<!-- HUMAN_DOC_END -->"
BACKEND_DESIGN = b"## Backend Design"
_MARKER = re.compile(rb"^[ \t]*(<!-- HUMAN_DOC_(?:START|END) -->)[ \t]*\r?$", re.MULTILINE)


class BrokenSection(ValueError):
    """A marker of the section has lost its partner; `line` counts from 1."""

    def __init__(self, line: int) -> None:
        super().__init__(f"the section that starts at line {line} has no end marker")
        self.line = line


def find_section(document: bytes, heading: bytes) -> tuple[int, int] | None:
    """Give the byte range from start marker to end marker of the section with this heading.

    Raises BrokenSection when that section starts and does not end.
    """
    marks = [(m.start(1), m.end(1), m[1] == START) for m in _MARKER.finditer(document)]
    for index, (begin, inside, opens) in enumerate(marks):
        if not opens or not _headed(document[inside:], heading):
            continue
        following = marks[index + 1 : index + 2]
        if not following or following[0][2]:
            raise BrokenSection(document.count(b"\n", 0, begin) + 1)
        return begin, following[0][1]
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
    gap = b"" if document.endswith(b"\n\n") else b"\n" if document.endswith(b"\n") else b"\n\n"
    return document + gap + section + b"\n"


def _headed(rest: bytes, heading: bytes) -> bool:
    first = rest.lstrip().split(b"\n", 1)[0].rstrip()
    return first == heading
