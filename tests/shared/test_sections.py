"""Our section of a shared document is replaced; every other byte stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quaestor_shared.sections import (
    BACKEND_DESIGN,
    END,
    START,
    BrokenSection,
    find_section,
    put_section,
)

OURS = START + b"\n" + BACKEND_DESIGN + b"\n\ntext\n" + END
NEWER = START + b"\n" + BACKEND_DESIGN + b"\n\nnewer text\n\n```json\n{}\n```\n" + END
THEIRS = START + b"\n## Frontend Design\n\ntheirs\n" + END
_PIECES = st.lists(
    st.one_of(
        st.binary(max_size=20).filter(lambda raw: b"`" not in raw and b"~" not in raw),
        st.sampled_from([THEIRS, b"```md\n" + OURS + b"\n```", BACKEND_DESIGN, b"\r\n", b"# a"]),
    ),
    max_size=6,
)


def put(document: bytes, section: bytes = OURS) -> bytes:
    """Put our section into a document."""
    return put_section(document, section, BACKEND_DESIGN)


@given(_PIECES, _PIECES)
def test_every_other_byte_stays(before: list[bytes], after: list[bytes]) -> None:
    """What stands before and after our section is the same after it was replaced."""
    head = b"".join(piece + b"\n" for piece in before)
    tail = b"".join(b"\n" + piece for piece in after)
    assert put(head + OURS + tail, NEWER) == head + NEWER + tail


@given(_PIECES)
def test_appending_keeps_what_was_there(pieces: list[bytes]) -> None:
    """A document without our section keeps all its bytes, and our section comes last."""
    document = b"\n".join(pieces)
    written = put(document)
    assert written.startswith(document)
    assert written.endswith(OURS + b"\n")


@given(_PIECES)
def test_doing_it_twice_changes_nothing_more(pieces: list[bytes]) -> None:
    """Put again, the same section gives the same bytes."""
    written = put(b"\n".join(pieces), NEWER)
    assert put(written, NEWER) == written


def test_a_new_document_is_our_section() -> None:
    """Into an empty document goes the section and a line end."""
    assert put(b"") == OURS + b"\n"


@pytest.mark.parametrize("end", [b"", b"\n", b"\n\n", b"\r\n", b"\r\n\r\n"])
def test_an_empty_line_stands_before_our_section(end: bytes) -> None:
    """Whatever the document ends with, our section starts after an empty line."""
    written = put(b"# Title" + end)
    assert written[: -len(OURS) - 1].replace(b"\r", b"") == b"# Title\n\n"


def test_line_ends_of_windows_are_read() -> None:
    """A section with CRLF is found, and the CRLF around it stays."""
    document = b"# T\r\n\r\n" + OURS.replace(b"\n", b"\r\n") + b"\r\nafter\r\n"
    assert put(document, NEWER) == b"# T\r\n\r\n" + NEWER + b"\r\nafter\r\n"


def test_bytes_that_are_no_text_stay() -> None:
    """Invalid UTF-8 outside our section is kept as it is."""
    assert put(b"\xff\xfe\n" + OURS + b"\n\x80", NEWER) == b"\xff\xfe\n" + NEWER + b"\n\x80"


def test_sections_of_others_with_the_same_markers_stay() -> None:
    """Ours is the one with our heading, wherever it stands."""
    document = THEIRS + b"\n\n" + OURS + b"\n\n" + THEIRS + b"\n"
    assert put(document, NEWER) == document.replace(OURS, NEWER)


def test_a_longer_heading_is_not_ours() -> None:
    """`## Backend Design Notes` is somebody else's section."""
    document = START + b"\n" + BACKEND_DESIGN + b" Notes\n" + END + b"\n"
    assert find_section(document, BACKEND_DESIGN) is None


@pytest.mark.parametrize("after", [b"", b"\n" + THEIRS])
def test_a_section_without_its_end_is_refused(after: bytes) -> None:
    """A lost end marker is an error that names the line, not a guess that eats text."""
    document = b"# T\n\n" + START + b"\n" + BACKEND_DESIGN + b"\ntext" + after
    with pytest.raises(BrokenSection) as caught:
        put(document)
    assert caught.value.line == 3
    assert "line 3" in str(caught.value)


def test_an_example_in_a_fenced_block_is_not_ours() -> None:
    """A document that explains the markers keeps its explanation."""
    document = b"~~~md\n" + OURS + b"\n~~~\n"
    assert put(document) == document + b"\n" + OURS + b"\n"


def test_a_fence_that_nothing_closes_hides_nothing() -> None:
    """An open fence before our section does not make a second one grow."""
    document = b"```\n" + put(b"", NEWER)
    assert put(document, NEWER) == document


def test_marks_inside_a_line_are_text() -> None:
    """A marker counts where it has a line of its own."""
    document = b"see " + START + b"\n" + BACKEND_DESIGN + b"\n"
    assert find_section(document, BACKEND_DESIGN) is None
