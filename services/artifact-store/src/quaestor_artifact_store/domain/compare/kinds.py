"""How a content is compared."""

from typing import Any

import msgspec

from quaestor_artifact_store.domain.search.leaves import is_json, is_text
from quaestor_shared.contracts.comparisons import ContentKind

__all__ = ["kind_of", "read_json", "read_text"]

_MARKDOWN = ("text/markdown", "text/x-markdown")
_DEEPEST = 500  # levels that JSON may have to be compared as JSON


def kind_of(media_type: str) -> ContentKind:
    """Give the kind of a media type."""
    if is_json(media_type):
        return ContentKind.JSON
    if media_type.strip().lower().startswith(_MARKDOWN):
        return ContentKind.MARKDOWN
    return ContentKind.TEXT if is_text(media_type) else ContentKind.BINARY


def read_json(content: bytes) -> Any:  # noqa: ANN401 - a JSON value
    """Read a content as JSON. Raises ValueError when it is none, or nested too deep."""
    if max(content.count(b"["), content.count(b"{")) > _DEEPEST and _too_deep(content):
        raise ValueError("nested too deep")
    return msgspec.json.decode(content)


def read_text(content: bytes) -> str:
    """Read a content as text. Raises ValueError when it is not UTF-8."""
    return content.decode()


def _too_deep(content: bytes) -> bool:
    """Say whether brackets outside strings ever stand deeper than is taken."""
    depth, inside, escaped = 0, False, False
    for byte in content:
        if inside:
            escaped, inside = byte == 0x5C and not escaped, byte != 0x22 or escaped
        elif byte == 0x22:
            inside = True
        elif byte in b"[{":
            depth += 1
            if depth > _DEEPEST:
                return True
        elif byte in b"]}":
            depth -= 1
    return False
