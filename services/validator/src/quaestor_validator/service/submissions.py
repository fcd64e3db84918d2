"""What clients send to be checked, read strictly: a request, or the document itself."""

import re
from typing import Any, NamedTuple

import msgspec

from quaestor_shared.contracts.errors import ErrorDetail
from quaestor_shared.contracts.validation import ValidateRequest
from quaestor_shared.errors import InvalidInput
from quaestor_shared.service import strict_json

__all__ = [
    "Submission",
    "instance_of",
    "is_reference",
    "read_document",
    "read_request",
    "submission",
]


_REFERENCE = re.compile(r"[a-z][a-z0-9-]{0,63}(@([1-9][0-9]{0,5}|latest))?")


class _Parts(msgspec.Struct):
    """The text of the two values that a request carries, as it was sent."""

    instance: msgspec.Raw = msgspec.Raw(b"null")
    schema: msgspec.Raw = msgspec.Raw(b"null")


class Submission(NamedTuple):
    """A request, the text of its instance, and that of its schema where it is inline.

    Of a document that came by itself `request.instance` is not read yet.
    """

    request: ValidateRequest
    instance: bytes
    schema: bytes | None = None

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
        number = self.schema_name.partition("@")[2]
        return int(number) if number.isdigit() else None


_request = msgspec.json.Decoder(ValidateRequest)
_parts = msgspec.json.Decoder(_Parts)


def read_request(body: bytes) -> Submission:
    """Read a ValidateRequest. Raises MalformedBody, InvalidInput with every fault."""
    return submission(strict_json.decode(body, _request, nul=True), body)


def read_document(body: bytes, options: ValidateRequest) -> Submission:
    """Take the body as the instance, and everything else from `options`."""
    return Submission(options, body)


def submission(request: ValidateRequest, text: bytes) -> Submission:
    """Pair a request with the texts that it was read from.

    Raises InvalidInput for a name that no schema can have, MalformedBody for a narrative with
    NUL in it: that is no Markdown.
    """
    if isinstance(request.schema, str) and not is_reference(request.schema):
        message = "must be a name, or a name and a version: `order`, `order@1`, `order@latest`"
        raise InvalidInput(
            "The schema is not named as schemas are.",
            details=[ErrorDetail(field="/schema", message=message, code="pattern")],
        )
    if "\0" in (request.narrative or ""):
        strict_json.parse(text)
    parts = _parts.decode(text)
    inline = not isinstance(request.schema, str)
    return Submission(request, bytes(parts.instance), bytes(parts.schema) if inline else None)


def is_reference(text: str) -> bool:
    """Say whether a text names a schema, with or without a version."""
    return _REFERENCE.fullmatch(text) is not None


def instance_of(submitted: Submission) -> Any:  # noqa: ANN401 - a JSON value
    """Read the instance for a schema of ours, where no text has NUL. Raises MalformedBody."""
    if submitted.request.instance is None or b"\\u0000" in submitted.instance:
        return strict_json.parse(submitted.instance)
    return submitted.request.instance
