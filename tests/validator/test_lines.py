"""Cutting a stream into lines."""

from hypothesis import given
from hypothesis import strategies as st

from quaestor_validator.domain.lines import Line, Lines

CHUNKS = st.lists(st.text("ab \r\n", max_size=12).map(str.encode), max_size=8)


def fed(chunks: list[bytes], longest: int) -> list[Line]:
    """Give all lines of a stream."""
    lines = Lines(longest)
    return [line for chunk in chunks for line in lines.feed(chunk)] + lines.last()


@given(chunks=CHUNKS)
def test_lines_are_those_of_the_whole(chunks: list[bytes]) -> None:
    """However a stream is cut, its lines are the same; blank ones only count."""
    whole = b"".join(chunks).split(b"\n")
    wanted = [(number, line.strip(b" \t\r")) for number, line in enumerate(whole, 1)]
    assert fed(chunks, 1_000) == [line for line in wanted if line[1]]


@given(chunks=CHUNKS, longest=st.integers(1, 6))
def test_a_line_that_is_too_long_is_not_kept(chunks: list[bytes], longest: int) -> None:
    """It is given without its content, and the lines after it are whole."""
    whole = enumerate(b"".join(chunks).split(b"\n"), 1)
    wanted = [
        (number, None if len(line) > longest else line.strip(b" \t\r")) for number, line in whole
    ]
    assert fed(chunks, longest) == [line for line in wanted if line[1] != b""]
