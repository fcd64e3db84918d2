"""Content and how it is named: digests, paths, version expressions."""

import hashlib
import re
from typing import NamedTuple

from quaestor_shared.contracts.errors import ErrorDetail
from quaestor_shared.contracts.versions import CreateVersion
from quaestor_shared.errors import InvalidInput, NotFound
from quaestor_shared.ids import is_uuid

__all__ = [
    "Expression",
    "checked_id",
    "content_of",
    "digest_of",
    "faults_of",
    "read_expression",
    "refuse",
]

_NUMBER = re.compile(r"[1-9][0-9]{0,14}")


class Expression(NamedTuple):
    """Which version is meant: by number, by label, or, with neither, the latest."""

    number: int | None = None
    label: str | None = None


def read_expression(text: str) -> Expression:
    """Read `7`, `latest` or a label."""
    if text == "latest":
        return Expression()
    return Expression(number=int(text)) if _NUMBER.fullmatch(text) else Expression(label=text)


def digest_of(content: bytes) -> str:
    """Give the name that a content is stored under."""
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def content_of(request: CreateVersion) -> bytes:
    """Give the bytes of a version to create; `faults_of` has made sure that there are any."""
    return request.text.encode() if request.text is not None else request.base64 or b""


def faults_of(request: CreateVersion, place: str) -> list[ErrorDetail]:
    """List what is wrong with a version to create, beyond its form; `place` is its pointer."""
    faults = []
    if any(segment in {".", ".."} for segment in request.path.split("/")):
        faults.append(ErrorDetail(field=f"{place}/path", message="no segment may be `.` or `..`"))
    if [request.text, request.base64, request.digest].count(None) != 2:
        message = "send one of `text`, `base64` and `digest`"
        faults.append(ErrorDetail(field=place, message=message))
    if request.label is not None and (
        request.label == "latest" or _NUMBER.fullmatch(request.label)
    ):
        faults.append(
            ErrorDetail(field=f"{place}/label", message="a label is no number and not `latest`")
        )
    return faults


def refuse(faults: list[ErrorDetail]) -> None:
    """Raise InvalidInput if there are faults."""
    if faults:
        raise InvalidInput("A version cannot be created as it was sent.", details=faults)


def checked_id(text: str, what: str) -> str:
    """Give an id back. Raises NotFound when it is none that we make."""
    if not is_uuid(text):
        raise NotFound(f"There is no {what} with this id.")
    return text
