"""Cutting a line of notation into pieces that know where they stood."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

__all__ = ["NotationError", "Piece", "split", "whole"]

_CLOSING = {"(": ")", "[": "]", "{": "}"}


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
    partners: dict[int, int] = {}
    waiting: list[tuple[str, int]] = []
    for token in re.finditer(r'"(?:[^"\\]|\\.)*"|[()\[\]{}]', text):
        mark, place = token[0], token.start()
        if mark in _CLOSING:
            waiting.append((mark, place))
        elif mark.startswith('"'):
            _end_of_quote(waiting, partners, place, token.end())
        else:
            _close(waiting, partners, mark, place)
    return partners


def _end_of_quote(
    waiting: Sequence[tuple[str, int]], partners: dict[int, int], start: int, end: int
) -> None:
    """Quotes are JSON's alone: in prose they are ordinary marks."""
    if any(mark in "[{" for mark, _ in waiting):
        partners[start] = end - 1


def _close(waiting: list[tuple[str, int]], partners: dict[int, int], mark: str, place: int) -> None:
    for index in range(len(waiting) - 1, -1, -1):
        opening, start = waiting[index]
        if _CLOSING[opening] == mark:
            partners[start] = place
            del waiting[index:]
            return
