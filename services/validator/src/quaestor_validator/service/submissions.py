"""What clients send to be checked, read strictly: a request, or the document itself."""

import re
from itertools import islice
from typing import Any, NamedTuple

import msgspec

from quaestor_shared.contracts.errors import ErrorDetail
from quaestor_shared.contracts.findings import Source
from quaestor_shared.contracts.validation import ValidateRequest
from quaestor_shared.errors import InvalidInput, MalformedBody
from quaestor_shared.pointers import pointer
from quaestor_shared.service import strict_json
from quaestor_validator.domain.audit import MOST
from quaestor_validator.domain.duplicates import duplicates
from quaestor_validator.domain.found import Found
from quaestor_validator.domain.places import Sent

__all__ = [
    "Submission",
    "instance_of",
    "is_reference",
    "named_version",
    "read_document",
    "read_request",
    "submission",
    "twice_in_document",
]


_REFERENCE = re.compile(r"[a-z][a-z0-9-]{0,63}(@([1-9][0-9]{0,5}|latest))?")
_MOST_TWICE = MOST + 1  # names whose places are looked for
_IN_REQUEST = {
    Source.INSTANCE: ("instance",),
    Source.CONFIG: ("config",),
    Source.SIDECAR: ("sidecar",),
}


class _Parts(msgspec.Struct):
    """The text of the two values that a request carries, as it was sent."""

    instance: msgspec.Raw = msgspec.Raw(b"null")
    schema: msgspec.Raw = msgspec.Raw(b"null")


class Submission(NamedTuple):
    """A request, the text of its instance, and that of its schema where it is inline.

    Of a document that came by itself `request.instance` is not read yet. `twice` are the names
    that stand in one object of the instance twice, of a request.
    """

    request: ValidateRequest
    instance: bytes
    sent: Sent
    schema: bytes | None = None
    twice: tuple[Found, ...] = ()

    @property
    def name(self) -> str:
        """The schema's name; empty for an inline one."""
        return self.schema_name.partition("@")[0]

    @property
    def schema_name(self) -> str:
        """The schema as the request names it; empty for an inline one."""
        return self.request.schema if isinstance(self.request.schema, str) else ""

    @property
    def version(self) -> int | None:
        """The version that the request names; None for the latest."""
        return _version(self.schema_name)


_request = msgspec.json.Decoder(ValidateRequest)
_parts = msgspec.json.Decoder(_Parts)


def read_request(body: bytes) -> Submission:
    """Read a ValidateRequest. Raises MalformedBody, InvalidInput with every fault."""
    value, twice = strict_json.parse_loosely(body, nul=True)
    return submission(strict_json.typed(body, value, _request), body, twice=bool(twice))


def read_document(body: bytes, options: ValidateRequest, *, line: int = 1) -> Submission:
    """Take the body as the instance, and everything else from `options`."""
    return Submission(options, body, Sent(body, {Source.INSTANCE: ()}, line))


def submission(
    request: ValidateRequest, text: bytes, *, twice: bool = False, line: int = 1, column: int = 1
) -> Submission:
    """Pair a request with the texts that it was read from, which begin at a line and column.

    Say whether names stand `twice` in an object: they may in the instance. Raises MalformedBody
    for those elsewhere, and for a narrative with NUL in it, which is no Markdown, InvalidInput
    for a name that no schema can have.
    """
    if isinstance(request.schema, str) and not is_reference(request.schema):
        raise _no_name("/schema")
    if "\0" in (request.narrative or ""):
        strict_json.parse(text)
    parts = _parts.decode(text)
    inline = not isinstance(request.schema, str)
    return Submission(
        request,
        bytes(parts.instance),
        Sent(text, _IN_REQUEST, line, column),
        bytes(parts.schema) if inline else None,
        _twice_in_instance(text) if twice else (),
    )


def named_version(text: str) -> tuple[str, int | None]:
    """Read `order`, `order@1` or `order@latest`; None stands for the latest version.

    Raises InvalidInput for a name that no schema can have, without a place.
    """
    if not is_reference(text):
        raise _no_name("")
    return text.partition("@")[0], _version(text)


def _version(name: str) -> int | None:
    number = name.partition("@")[2]
    return int(number) if number.isdigit() else None


def _no_name(place: str) -> InvalidInput:
    message = "must be a name, or a name and a version: `order`, `order@1`, `order@latest`"
    return InvalidInput(
        "The schema is not named as schemas are.",
        details=[ErrorDetail(field=place, message=message, code="pattern")],
    )


def is_reference(text: str) -> bool:
    """Say whether a text names a schema, with or without a version."""
    return _REFERENCE.fullmatch(text) is not None


def instance_of(submitted: Submission) -> tuple[Any, tuple[Found, ...]]:
    """Read the instance for a schema of ours, where no text has NUL; with names that stand twice.

    Raises MalformedBody.
    """
    if submitted.request.instance is None or b"\\u0000" in submitted.instance:
        value, twice = strict_json.parse_loosely(submitted.instance)
        return value, twice_in_document(submitted) if twice else ()
    return submitted.request.instance, submitted.twice


def twice_in_document(submitted: Submission) -> tuple[Found, ...]:
    """Give the names that stand twice in an object of the instance, once that is known."""
    root = submitted.sent.roots[Source.INSTANCE]
    if root:
        return submitted.twice
    found = duplicates(submitted.instance.decode(), root)
    return tuple(each for _, each in islice(found, _MOST_TWICE))


def _twice_in_instance(text: bytes) -> tuple[Found, ...]:
    """Give the names that stand twice in the instance. Raises MalformedBody for all others."""
    found = list(islice(duplicates(text.decode(), _IN_REQUEST[Source.INSTANCE]), _MOST_TWICE))
    if outside := [each for within, each in found if not within]:
        message = "this name stands twice in one object"
        raise MalformedBody(
            "The request has members twice; which one counts would be a guess.",
            details=[
                ErrorDetail(field=pointer(each.issue.path), message=message)
                for each in outside[:100]
            ],
        )
    return tuple(each for _, each in found)
