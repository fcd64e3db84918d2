"""A turn as a person types it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quaestor_design_api.domain.free_text import is_finalize, read_free_text


@pytest.mark.parametrize(
    "text",
    [
        *("Finalize", "finalize", "FINALIZE", '"Finalize"', "'finalize'", "finalise"),
        *("\u201cFinalize\u201d", "Finalize.", '"Finalize."', '"Finalize".', "`Finalize`"),
        *("  «Finalize» ", "\u2018finalize\u2019."),
    ],
)
def test_finalize(text: str) -> None:
    """Finalize is understood in any letter case, with or without quotes or a full stop."""
    assert is_finalize(text)
    assert read_free_text(text).finalize


@pytest.mark.parametrize("text", ["", "Finalize it", "Please finalize", "final", "4.3: finalize"])
def test_not_finalize(text: str) -> None:
    """A text that merely has the word in it is an answer."""
    assert not read_free_text(text).finalize


def test_numbered_lines() -> None:
    """Each line that starts with a number is an answer; other lines go on with the one before."""
    read = read_free_text("1.1: User; Plan\n1.3.1 100k\n  in 12 months\n\n4.2) skip\nFinalize\n")
    assert [(a.question, a.text) for a in read.answers] == [
        ("1.1", "User; Plan"),
        ("1.3.1", "100k\n  in 12 months"),
        ("4.2", "skip"),
    ]
    assert read.finalize
    assert read.unnumbered is None


def test_text_before_the_first_number() -> None:
    """Lines before any number answer the first open question."""
    read = read_free_text("User,\nPlan\n4.2: skip")
    assert (read.unnumbered, len(read.answers)) == ("User,\nPlan", 1)


def test_a_figure_is_no_number() -> None:
    """A line that starts with a figure, such as `99.5% uptime`, is text."""
    assert read_free_text("99.5% uptime").unnumbered == "99.5% uptime"


@given(text=st.text(max_size=200))
def test_any_text(text: str) -> None:
    """Any text is read, and nothing of it but white space is lost."""
    read = read_free_text(text)
    kept = "".join([read.unnumbered or "", *(a.text or "" for a in read.answers)])
    assert len("".join(kept.split())) <= len("".join(text.split()))
