"""The dialects of JSON Schema that are taken: `$schema`, and what stands for it."""

from typing import Any

__all__ = [
    "DEFAULT",
    "DIALECTS",
    "dialect_of",
    "id_keyword",
    "is_standard",
    "named",
    "referring_keywords",
]

DEFAULT = "https://json-schema.org/draft/2020-12/schema"
DIALECTS = (
    DEFAULT,
    "https://json-schema.org/draft/2019-09/schema",
    "http://json-schema.org/draft-07/schema",
    "http://json-schema.org/draft-06/schema",
    "http://json-schema.org/draft-04/schema",
)


def dialect_of(document: Any) -> Any:  # noqa: ANN401 - a JSON value
    """Give what a schema calls its dialect, without the empty fragment of older drafts.

    The default stands for a missing `$schema`. What is there may be no string.
    """
    if not isinstance(document, dict) or "$schema" not in document:
        return DEFAULT
    given = document["$schema"]
    return given.removesuffix("#") if isinstance(given, str) else given


def id_keyword(document: Any) -> str:  # noqa: ANN401 - a JSON value
    """Give the keyword that names a schema: `id` in draft-04, `$id` since."""
    return "id" if dialect_of(document) == DIALECTS[-1] else "$id"


def referring_keywords(document: Any) -> tuple[str, ...]:  # noqa: ANN401 - a JSON value
    """Give the keywords that refer to schemas in the dialect of a document."""
    dialect = dialect_of(document)
    if dialect == DIALECTS[1]:
        return ("$ref", "$recursiveRef")
    return ("$ref",) if dialect in DIALECTS[2:] else ("$ref", "$dynamicRef")


def is_standard(uri: str) -> bool:
    """Say whether a URI is of JSON Schema itself: the validator has those documents."""
    return uri.startswith(("https://json-schema.org/draft/", "http://json-schema.org/draft-"))


def named(document: Any, base: str) -> Any:  # noqa: ANN401 - a JSON value
    """Give a schema that has its own name written into it, where it does not say one."""
    keyword = id_keyword(document)
    if not isinstance(document, dict) or isinstance(document.get(keyword), str):
        return document
    return {keyword: base, **document}
