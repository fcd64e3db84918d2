"""What keeps a file from being read or audited, in the one shape that failures have."""

from collections.abc import Callable, Sequence
from pathlib import Path

from msgspec.structs import replace

from quaestor_shared.contracts.errors import ErrorCode, ErrorDetail
from quaestor_shared.errors import InvalidInput, QuaestorError

__all__ = ["in_files", "name_of", "refusal", "unreadable", "write_text"]


def name_of(file: Path) -> str:
    """Give the name under which a file is shown: from here, where it lies below."""
    here = Path.cwd()
    return (file.relative_to(here) if file.is_relative_to(here) else file).as_posix()


def refusal(
    file: Path, what: str, faults: Sequence[tuple[str, str]], *, code: ErrorCode | None = None
) -> InvalidInput:
    """Refuse a file, for faults that are each a place and a message."""
    details = [ErrorDetail(field=place, message=message) for place, message in faults]
    return InvalidInput(f"{name_of(file)} {what}", code=code, details=details)


def unreadable(file: Path, error: OSError | UnicodeDecodeError) -> InvalidInput:
    """Refuse a file that the system does not give, or that is not UTF-8."""
    if isinstance(error, OSError):
        return refusal(file, f"cannot be read: {error.strerror}.", [])
    return refusal(file, f"is not UTF-8: byte {error.start} cannot be read.", [])


def write_text(file: Path, text: str) -> None:
    """Write a text, its line ends as they are. Raises InvalidInput that names the file."""
    try:
        file.write_bytes(text.encode())
    except OSError as error:
        raise refusal(file, f"cannot be written: {error.strerror}.", []) from error


def in_files(failure: QuaestorError, file: Path, place_of: Callable[[str], str]) -> QuaestorError:
    """Give a failure about a file, with the places in its request as places in files.

    One without places names the file.
    """
    details = [replace(each, field=place_of(each.field)) for each in failure.details]
    whole = [each for each in details if each.message == failure.message]
    message = failure.message
    if not details or whole:
        message, details = f"{name_of(file)}: {message}", []
    return QuaestorError(message, code=failure.code, details=details, status=failure.status_code)
