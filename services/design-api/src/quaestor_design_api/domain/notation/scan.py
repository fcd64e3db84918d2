"""Cutting a line of notation into pieces that know where they stood."""

import re
from collections.abc import Iterator
from typing import NamedTuple

__all__ = ["NotationError", "Piece", "split", "whole"]

_CLOSING = {"(": ")", "[": "]", "{": "}"}
_MARKS = re.compile(r'["()\[\]{}]')
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_DEEPEST = 64  # levels that are looked at, so that no text takes more than linear time


class NotationError(ValueError):
    """A text that is not in its notation; `position` counts characters from 0."""

    def __init__(self, reason: str, position: int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.position = position


class Piece(NamedTuple):
    """A part of a text, without white space around it, and where it starts."""

    text: str
    at: int

    def cut(self, start: int, end: int | None = None) -> "Piece":
        """Give a part of this piece, stripped."""
        raw = self.text[start:end]
        return Piece(raw.strip(), self.at + start + len(raw) - len(raw.lstrip()))

    def partition(self, mark: str) -> tuple["Piece", "Piece | None"]:
        """Cut at the first mark that stands outside brackets; None where there is none."""
        for place in _outside(self.text):
            if self.text.startswith(mark, place):
                return self.cut(0, place), self.cut(place + len(mark))
        return self, None


def whole(text: str) -> Piece:
    """Give a text as one piece."""
    return Piece(text, 0).cut(0)


def split(piece: Piece, marks: str) -> list[Piece]:
    """Cut at each of `marks` outside brackets and JSON strings; empty pieces are left out."""
    pieces: list[Piece] = []
    start = 0
    for place in _outside(piece.text):
        if piece.text[place] in marks:
            pieces.append(piece.cut(start, place))
            start = place + 1
    pieces.append(piece.cut(start))
    return [part for part in pieces if part.text]


def _outside(text: str) -> Iterator[int]:
    """Give the places outside brackets. A bracket without its partner is an ordinary mark."""
    ends = _partners(text)
    place = 0
    while place < len(text):
        if place in ends:
            place = ends[place] + 1
        else:
            yield place
            place += 1


def _partners(text: str) -> dict[int, int]:
    """Pair brackets, and the quotes of JSON strings inside them, in one pass."""
    partners: dict[int, int] = {}
    waiting: list[tuple[str, int]] = []
    quotes = True
    place = 0
    while (token := _MARKS.search(text, place)) is not None:
        mark, place = token[0], token.end()
        if mark in _CLOSING:
            waiting.append((mark, token.start()))
        elif mark != '"':
            _close(waiting, partners, mark, token.start())
        # Quotes are JSON's alone: in prose they are ordinary marks.
        elif quotes and any(opening in "[{" for opening, _ in waiting[-_DEEPEST:]):
            end = _STRING.match(text, token.start())
            if end is None:
                quotes = False  # this one never ends, so no later one is worth a look
            else:
                partners[token.start()] = end.end() - 1
                place = end.end()
    return partners


def _close(waiting: list[tuple[str, int]], partners: dict[int, int], mark: str, place: int) -> None:
    """Pair a closing bracket with the nearest opening one of its kind, not too far out."""
    for index in range(len(waiting) - 1, max(-1, len(waiting) - 1 - _DEEPEST), -1):
        opening, start = waiting[index]
        if _CLOSING[opening] == mark:
            partners[start] = place
            del waiting[index:]
            return
