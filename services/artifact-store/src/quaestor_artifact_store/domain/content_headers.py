"""What is said about a content in HTTP headers (RFC 9110)."""

from urllib.parse import quote

__all__ = ["content_headers", "matches"]

_FOR_GOOD = "private, max-age=31536000, immutable"
_SHOWN = ("text/markdown", "text/plain", "application/json")


def content_headers(
    digest: str, media_type: str, path: str = "", *, lasting: bool = True
) -> dict[str, str]:
    """Describe a content. Where the address names it for good, who may have it may keep it.

    Where it is not `lasting`, it is asked for again each time, with the ETag.

    What is none of the few harmless texts is offered for download, under the path's last part.
    """
    headers = {
        # Said here, because Litestar would add a charset of its own to a text.
        "Content-Type": media_type,
        "ETag": f'"{digest}"',
        "Accept-Ranges": "bytes",
        "Cache-Control": _FOR_GOOD if lasting else "private, no-cache",
        "X-Content-Type-Options": "nosniff",
    }
    if media_type.partition(";")[0].strip().lower() not in _SHOWN:
        name = quote(path.rpartition("/")[2], safe="")  # RFC 6266, in the encoding of RFC 8187
        headers["Content-Disposition"] = (
            f"attachment; filename*=UTF-8''{name}" if name else "attachment"
        )
    return headers


def matches(if_none_match: str | None, digest: str) -> bool:
    """Compare weakly, as RFC 9110 (13.1.2) wants it for If-None-Match."""
    if if_none_match is None:
        return False
    tags = [tag.strip().removeprefix("W/") for tag in if_none_match.split(",")]
    return "*" in tags or f'"{digest}"' in tags
