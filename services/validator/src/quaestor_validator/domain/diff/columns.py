"""A field of an entity as a column: its name, its type, what it demands of a row."""

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from quaestor_validator.domain.diff.types import read_type

__all__ = ["Column", "fault_of", "read_column", "row_of"]

# Of types and constraints that are said in more than one word, all that is one.
_PHRASE = re.compile(
    r"double precision|character varying|timestamp(?:\([0-9]\))? with(?:out)? time zone"
    r"|(?:references|collate)\s+\S+",
    re.IGNORECASE,
)
_REQUIRED = {"required", "mandatory", "notnull", "not-null", "not_null", "nonnull"}
_KEY = {"pk", "primary", "primarykey", "primary-key", "primary_key"}
# These say something of how a column is kept, and demand nothing of a row.
_NEUTRAL = {
    "null", "nullable", "optional", "key", "index", "indexed", "encrypted", "fk", "foreign",
    "generated", "auto", "autoincrement", "auto_increment", "sensitive", "pii", "searchable",
}  # fmt: skip
_DEFAULT = re.compile(
    r"\bdefault\b.*?(?=\s(?:not null|null|unique|primary key|pk|required|check|references)\b|$)",
    re.IGNORECASE,
)


class Column(NamedTuple):
    """A field, read. `other` are the constraints whose meaning is not known here."""

    name: str
    type: str | None
    required: bool
    unique: bool
    default: bool
    other: frozenset[str]

    def example(self) -> Any:  # noqa: ANN401 - a JSON value
        """Give a value of the field's type; some text where the type is unknown."""
        kind = read_type(self.type) if self.type is not None else None
        return kind.edges[0] if kind is not None else "some value"


def read_column(field: str) -> Column:
    """Read a field such as `email text unique not null default ''`."""
    name, *said_of_it = field.split(None, 1) or [""]
    rest = _words(said_of_it[0]) if said_of_it else []
    kind = rest[0] if rest and not _demands(rest[:1]) else None
    said = " ".join(rest[1:] if kind is not None else rest)
    default = _DEFAULT.search(said)
    left = _DEFAULT.sub("", said)
    words = [w if "(" in w else w.casefold().strip(",;") for w in _words(left)]
    key = bool(_KEY & set(words))
    return Column(
        name=name,
        type=kind,
        required=key or bool(_REQUIRED & set(words)) or "not null" in " ".join(words),
        unique=key or "unique" in words,
        default=default is not None,
        other=frozenset(words) - _REQUIRED - _KEY - _NEUTRAL - {"unique", "not", ""},
    )


def row_of(columns: Sequence[Column], *shown: str) -> dict[str, Any]:
    """Give a row with what is required, and with the fields that are to be shown."""
    return {
        c.name: c.example() for c in columns if (c.required and not c.default) or c.name in shown
    }


def fault_of(columns: Sequence[Column], row: dict[str, Any]) -> str | None:
    """Say why an entity of these columns does not take a row; None where it does."""
    known = {column.name: column for column in columns}
    for name in row:
        if name not in known:
            return f"there is no field `{name}`"
    for column in columns:
        if column.name not in row:
            if column.required and not column.default:
                return f"`{column.name}` is missing"
            continue
        kind = read_type(column.type) if column.type is not None else None
        if kind is not None and not kind.takes(row[column.name]):
            return f"`{column.name}` is not of the type `{column.type}`"
    return None


def _words(text: str) -> list[str]:
    """Split a text at its spaces, but not inside of parentheses nor before them.

    So `numeric (10, 2)` is one word, and `check (length(name) > 2)` another.
    """
    found: list[list[str]] = []
    depth = 0
    for word in _parted(text):
        if found and (depth > 0 or word.startswith("(")):
            found[-1].append(word)
        else:
            found.append([word])
        depth = max(0, depth + word.count("(") - word.count(")"))
    return [" ".join(words) for words in found]


def _parted(text: str) -> Iterator[str]:
    """Give the words of a text, phrases whole."""
    done = 0
    for phrase in _PHRASE.finditer(text):
        yield from text[done : phrase.start()].split()
        yield " ".join(phrase[0].split())
        done = phrase.end()
    yield from text[done:].split()


def _demands(words: Sequence[str]) -> bool:
    """Say whether words are constraints, so that no type stands before them."""
    known = _REQUIRED | _KEY | _NEUTRAL | {"unique", "not", "default"}
    return all(word.casefold() in known for word in words)
