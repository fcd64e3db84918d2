"""Content and how it is named: digests and paths; and what makes a version to create wrong."""

import hashlib
import re

from quaestor_artifact_store.domain.expressions import NO_LABEL, may_be_label
from quaestor_shared.contracts.errors import ErrorDetail
from quaestor_shared.contracts.versions import CreateVersion
from quaestor_shared.errors import InvalidInput, NotFound
from quaestor_shared.ids import is_uuid

__all__ = [
    "checked_feature",
    "checked_id",
    "content_of",
    "digest_of",
    "faults_of",
    "refuse",
]

_FEATURE = re.compile(r"[a-z0-9][a-z0-9-]{1,63}")


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
    if request.label is not None and not may_be_label(request.label):
        faults.append(ErrorDetail(field=f"{place}/label", message=NO_LABEL))
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


def checked_feature(text: str) -> str:
    """Give the id of a feature back. Raises NotFound when no feature can have it."""
    if not _FEATURE.fullmatch(text):
        raise NotFound("There is no feature with this id.")
    return text
