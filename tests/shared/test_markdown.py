"""What is written with `escape` and `code` is what a reader sees, and what `plain` reads."""

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from quaestor_shared.markdown import code, escape, fence, fold, plain

# NUL is no text: strict JSON refuses it, and CommonMark shows something else in its place.
_TRICKY = st.text(
    st.sampled_from("\\`*_[]<>|#&~!+-=.():;/ \t\nab19\u00e9\u2014\u4f60@\"'{}$^"), max_size=24
)
_ANY = st.text(st.characters(exclude_characters="\0", codec="utf-8"), max_size=40)
_TEXTS = st.one_of(_TRICKY, _ANY)
_RENDERER = MarkdownIt("commonmark")
_GITHUB = MarkdownIt("commonmark").enable("strikethrough").enable("table")


def shown(markdown: str, before: str, after: str, renderer: MarkdownIt = _RENDERER) -> str:
    """Render Markdown, check the tags around its text, and give the text."""
    page = renderer.render(markdown)
    assert page.startswith(before), page
    assert page.endswith(after), page
    inner = page[len(before) : len(page) - len(after)]
    assert "<" not in inner, page
    return html.unescape(inner)


@given(_TEXTS)
def test_plain_reads_what_escape_wrote(text: str) -> None:
    """Whatever the text, `plain(escape(text))` is the text with its white space folded."""
    assert plain(escape(text)) == fold(text)


@given(_TEXTS)
def test_plain_reads_what_code_wrote(text: str) -> None:
    """Whatever the text, `plain(code(text))` is the text with its white space folded."""
    assert plain(code(text)) == fold(text)


@given(_TEXTS)
def test_a_renderer_shows_an_escaped_text_as_it_is(text: str) -> None:
    """As a paragraph, a list item, a heading and after a label, CommonMark shows the text."""
    written, wanted = escape(text), fold(text)
    if not wanted:
        assert written == ""
        return
    assert shown(written, "<p>", "</p>\n") == wanted
    assert shown(f"- {written}", "<ul>\n<li>", "</li>\n</ul>\n") == wanted
    assert shown(f"### {written}", "<h3>", "</h3>\n") == wanted
    assert shown(f"a\n\nLabel: {written}", "<p>a</p>\n<p>Label: ", "</p>\n") == wanted
    assert shown(written, "<p>", "</p>\n", _GITHUB) == wanted


@given(_TEXTS)
def test_a_renderer_shows_a_code_span_as_it_is(text: str) -> None:
    """A text as code is shown as code, backticks at its ends included."""
    if fold(text):
        assert shown(f"x {code(text)}", "<p>x <code>", "</code></p>\n") == fold(text)


@given(_TEXTS)
def test_nothing_ends_a_fenced_block_early(text: str) -> None:
    """A fenced block has exactly the text between its fences."""
    tokens = _RENDERER.parse(fence(text, "md"))
    assert [token.type for token in tokens] == ["fence"]
    lines = re.sub(r"\r\n?", "\n", text).rstrip("\n")
    assert tokens[0].content == f"{lines}\n"


@pytest.mark.parametrize(
    "text",
    [
        "p95 < 200ms",
        "recalculate_plan",
        "R&D, a & b",
        "Ready! Now!",
        "req/sec > 50, C#",
        "a | b",
        "~5 min",
        "-5 to +5 = 10",
        "50 requests/min (burst: 10)",
        "1.5 TB, https://api.example.com/a_b?c=d&e=f",
        "C:\\temp",
    ],
)
def test_a_text_that_needs_no_escape_is_left_alone(text: str) -> None:
    """What CommonMark shows as it is gets no backslash."""
    assert escape(text) == text


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("<script>", r"\<script>"),
        ("&lt;", r"\&lt;"),
        ("_private", r"\_private"),
        ("trailing_", r"trailing\_"),
        ("# title", r"\# title"),
        ("#tag", "#tag"),
        ("- item", r"\- item"),
        ("1. first", r"1\. first"),
        ("~~gone~~", r"\~\~gone\~\~"),
        ("[link](x)", r"\[link](x)"),
        ("![image](x)", r"!\[image](x)"),
        (r"\*", r"\\\*"),
        ("a #", r"a \#"),
        ("===", r"\==="),
        ("two\nlines", "two lines"),
    ],
)
def test_a_text_that_markdown_would_change_is_escaped(text: str, written: str) -> None:
    """One backslash where it is needed, and no more."""
    assert escape(text) == written


@pytest.mark.parametrize(
    ("markdown", "seen"),
    [
        ("&amp;&#65;&#x42;", "&AB"),
        ("&nosuchname;", "&nosuchname;"),
        ("&#0;", "\ufffd"),
        ("`` a`b `` and `c\\*d`", "a`b and c\\*d"),
        ("`open", "`open"),
        ("a\\\nb", "a b"),
        ("\\``x`", "`x"),
    ],
)
def test_plain_reads_markdown_that_others_wrote(markdown: str, seen: str) -> None:
    """Character references, code spans and escapes are read as CommonMark reads them."""
    assert plain(markdown) == seen


def test_plain_takes_many_open_code_spans() -> None:
    """Runs of backticks that nothing closes are read as they stand."""
    open_runs = " ".join("`" * length for length in range(1, 400))
    assert plain(open_runs) == open_runs


def test_a_code_span_of_nothing_is_nothing() -> None:
    """An empty text has no code span in CommonMark."""
    assert code(" ") == ""
