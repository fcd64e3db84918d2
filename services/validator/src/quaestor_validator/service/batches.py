"""Many documents at once: in one body, or one a line of a stream."""

from collections.abc import AsyncIterator, Iterator, Sequence
from typing import NamedTuple

import msgspec

from quaestor_shared.contracts.batches import BatchAnswer, BatchItem, BatchRequest
from quaestor_shared.contracts.errors import ErrorDetail
from quaestor_shared.contracts.validation import ValidateRequest
from quaestor_shared.errors import InvalidInput, PayloadTooLarge, QuaestorError
from quaestor_shared.service import strict_json
from quaestor_shared.telemetry.context import correlation_id
from quaestor_validator.domain.lines import Line, Lines
from quaestor_validator.domain.positions import places_of
from quaestor_validator.service.submissions import Submission, read_document, submission
from quaestor_validator.service.validation import Outcome, ValidationService

__all__ = ["BatchService"]

# Reports are bounded each, so this bounds what one step of a stream holds in memory.
LINES_AT_ONCE = 256


class _Texts(msgspec.Struct):
    items: list[msgspec.Raw]


_batch = msgspec.json.Decoder(BatchRequest)
_texts = msgspec.json.Decoder(_Texts)
_item = msgspec.json.Decoder(BatchItem)
_encode = msgspec.json.Encoder().encode


class _Entry(NamedTuple):
    """What was sent at a position: to be checked, or an error already."""

    position: int
    id: str | None
    sent: Submission | QuaestorError


class BatchService:
    """Checks documents each by itself: a bad one costs the others nothing."""

    def __init__(
        self, validation: ValidationService, *, max_items: int, max_line_bytes: int
    ) -> None:
        self._validation = validation
        self._max_items = max_items
        self._max_line_bytes = max_line_bytes

    async def batch(self, body: bytes) -> tuple[BatchAnswer, ...]:
        """Answer each item of a BatchRequest, in its order.

        Raises MalformedBody, InvalidInput for a body that is none or has too many items.
        """
        entries = await self._validation.off_loop(len(body), lambda: self._read_batch(body))
        return tuple(await self._answers(entries, bounded=True))

    async def stream(
        self, chunks: AsyncIterator[bytes], options: ValidateRequest | None
    ) -> AsyncIterator[bytes]:
        """Give an answer line for each line: a BatchItem, or, with options, a document.

        No more is read than what has been answered: who does not take the answers is not asked
        for more lines.
        """
        lines = Lines(self._max_line_bytes)
        async for chunk in chunks:
            for some in _groups(lines.feed(chunk)):
                yield await self._answer_lines(some, options)
        if last := lines.last():
            yield await self._answer_lines(last, options)

    async def _answer_lines(self, lines: Sequence[Line], options: ValidateRequest | None) -> bytes:
        size = sum(len(line.content or b"") for line in lines)
        entries = await self._validation.off_loop(
            size, lambda: [self._read_line(line, options) for line in lines]
        )
        answers = await self._answers(entries, bounded=False)
        return b"".join(_encode(answer) + b"\n" for answer in answers)

    async def _answers(self, entries: Sequence[_Entry], *, bounded: bool) -> list[BatchAnswer]:
        sent = [entry.sent for entry in entries if isinstance(entry.sent, Submission)]
        outcomes = iter(await self._validation.outcomes(sent, bounded=bounded))
        return [
            _answer(entry, next(outcomes) if isinstance(entry.sent, Submission) else entry.sent)
            for entry in entries
        ]

    def _read_batch(self, body: bytes) -> list[_Entry]:
        value, twice = strict_json.parse_loosely(body, nul=True)
        items = strict_json.typed(body, value, _batch).items
        if len(items) > self._max_items:
            message = f"has {len(items)} items; at most {self._max_items} are taken at once"
            raise InvalidInput(
                "The batch is too long; send it in parts, or as a stream of lines.",
                details=[ErrorDetail(field="/items", message=message)],
            )
        texts = [bytes(text) for text in _texts.decode(body).items]
        if twice and len(twice) != sum(map(_names_twice, texts)):
            strict_json.parse(body, nul=True)  # some are outside the items: refuse the batch
        places = places_of(body, texts)
        return [
            _entry(index, item, text, twice=bool(twice) and _names_twice(text) > 0, place=place)
            for index, (item, text, place) in enumerate(zip(items, texts, places, strict=True))
        ]

    def _read_line(self, line: Line, options: ValidateRequest | None) -> _Entry:
        if line.content is None:
            message = f"The line is longer than {self._max_line_bytes} bytes."
            return _Entry(line.number, None, PayloadTooLarge(message))
        if options is not None:
            sent = read_document(line.content, options, line=line.number)
            return _Entry(line.number, None, sent)
        try:
            value, twice = strict_json.parse_loosely(line.content, nul=True)
            item = strict_json.typed(line.content, value, _item)
        except QuaestorError as error:
            return _Entry(line.number, None, error)
        place = (line.number, 1)
        return _entry(line.number, item, line.content, twice=bool(twice), place=place)


def _names_twice(text: bytes) -> int:
    """Count the names that stand twice in an object of an item."""
    _, twice = strict_json.parse_loosely(text, nul=True)
    return len(twice)


def _entry(
    position: int, item: BatchItem, text: bytes, *, twice: bool, place: tuple[int, int]
) -> _Entry:
    line, column = place
    try:
        sent = submission(item, text, twice=twice, line=line, column=column)
    except QuaestorError as error:
        return _Entry(position, item.id, error)
    return _Entry(position, item.id, sent)


def _answer(entry: _Entry, outcome: Outcome) -> BatchAnswer:
    if isinstance(outcome, QuaestorError):
        error = outcome.envelope(correlation_id.get()).error
        return BatchAnswer(index=entry.position, id=entry.id, error=error)
    return BatchAnswer(index=entry.position, id=entry.id, report=outcome)


def _groups(lines: Sequence[Line]) -> Iterator[Sequence[Line]]:
    """Cut lines into groups that are answered at once."""
    for start in range(0, len(lines), LINES_AT_ONCE):
        yield lines[start : start + LINES_AT_ONCE]
