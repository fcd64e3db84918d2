"""What values a field's type takes, as far as the common names of types tell.

A type is a predicate on JSON values and a few values at its edges. One type is narrower than
another when a value at an edge of either is taken by the other alone.
"""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec

__all__ = ["Type", "of_one_family", "read_type", "turned_away"]

_LONGEST = 200
_FORM = re.compile(r"([a-z][a-z0-9_ ]*?)\s*(?:\(([^()]*)\))?((?:\[\])*)")
_TEXT = {
    "text", "string", "str", "varchar", "char", "character", "nvarchar", "citext", "clob",
    "longtext", "mediumtext",
}  # fmt: skip
_WHOLE = {
    "int": 31, "integer": 31, "int4": 31, "int32": 31, "serial": 31,
    "bigint": 63, "long": 63, "int8": 63, "int64": 63, "bigserial": 63,
    "smallint": 15, "int2": 15, "int16": 15, "short": 15,
}  # fmt: skip
_REAL = {"number", "numeric", "decimal", "float", "double", "real", "float4", "float8", "money"}
_TIME = r"[0-9]{2}:[0-9]{2}:[0-9]{2}"
_DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_FORMS = {
    "uuid": (r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "7ab11676-cf95-450e-9d7a-b19a4725d505"),
    "date": (_DATE, "2026-01-31"),
    "time": (_TIME, "16:00:00"),
    # A moment needs its zone, and where none is kept, one that is sent would be lost.
    "timestamp": (rf"{_DATE}T{_TIME}", "2026-01-31T16:00:00"),
    "timestamptz": (rf"{_DATE}T{_TIME}Z", "2026-01-31T16:00:00Z"),
    "email": (r"[^@\s]+@[^@\s]+", "ada@example.org"),
    "url": (r"https?://\S+", "https://example.org/"),
    "bytes": (r"[A-Za-z0-9+/]*={0,2}", "aGVsbG8="),
}
_TIMES = {"date", "time", "timestamp", "timestamptz"}
_SAME = {
    "guid": "uuid", "datetime": "timestamp", "uri": "url", "blob": "bytes", "bytea": "bytes",
    "timestamp without time zone": "timestamp", "timestamp with time zone": "timestamptz",
    "datetimeoffset": "timestamptz", "binary": "bytes", "varbinary": "bytes",
    "bool": "boolean", "jsonb": "json", "double precision": "double",
    "character varying": "varchar",
}  # fmt: skip


class Type(NamedTuple):
    """What a type takes; the first of `edges` is a plain example of it."""

    takes: Callable[[Any], bool]
    edges: tuple[Any, ...]


def read_type(text: str) -> Type | None:
    """Read a type such as `varchar(80)`, `int[]` or `enum(draft,live)`; None for one unknown."""
    return _read(text) if len(text) <= _LONGEST else None


@lru_cache(maxsize=1_024)
def _read(text: str) -> Type | None:
    form = _FORM.fullmatch(text.strip().casefold())
    if form is None:
        return None
    # The letter case of what stands in parentheses is that of the values.
    inside = text[text.index("(") + 1 : text.rindex(")")] if form[2] is not None else None
    kind = _plain(form[1].strip(), inside)
    for _ in range(form[3].count("[")):
        kind = _list_of(kind) if kind is not None else None
    return kind


def turned_away(old: str, new: str) -> tuple[Any, ...] | None:
    """Give the values at the edges that `old` takes and `new` does not; None for unknown types."""
    was, now = read_type(old), read_type(new)
    if was is None or now is None:
        return None
    return tuple(v for v in (*was.edges, *now.edges) if was.takes(v) and not now.takes(v))


def of_one_family(old: str, new: str) -> bool:
    """Say whether two types are of one sort: both texts, numbers, times, or the same by name."""
    families = _family(old), _family(new)
    return families[0] is not None and families[0] == families[1]


def _family(text: str) -> str | None:
    form = _FORM.fullmatch(text.strip().casefold()) if len(text) <= _LONGEST else None
    if form is None:
        return None
    name = _SAME.get(form[1].strip(), form[1].strip())
    sorts = (("text", _TEXT), ("number", {*_WHOLE, *_REAL}), ("time", _TIMES))
    return next((sort for sort, names in sorts if name in names), name) + form[3]


def _plain(name: str, inside: str | None) -> Type | None:
    name = _SAME.get(name, name)
    if name in _TEXT:
        return _text(inside)
    if name in _WHOLE:
        return _whole(_WHOLE[name])
    if name in _REAL:
        return _real(inside)
    if name in _FORMS:
        pattern, example = _FORMS[name]
        return Type(lambda v: isinstance(v, str) and bool(re.fullmatch(pattern, v)), (example,))
    if name == "boolean":
        return Type(lambda v: isinstance(v, bool), (True,))
    if name == "json":
        return Type(_is_json, ({"key": "value"}, [1], '"text"', 1.5, 1, True))
    if name == "enum" and inside is not None:
        return _choice([part.strip(" '\"") for part in re.split(r"[,|]", inside)])
    return None


def _is_json(value: Any) -> bool:  # noqa: ANN401 - a JSON value
    """Say whether JSON takes a value: of the texts that a column of texts had, few are JSON."""
    try:
        return not isinstance(value, str) or msgspec.json.decode(value) is not msgspec.UNSET
    except msgspec.DecodeError:
        return False


def _text(inside: str | None) -> Type | None:
    if inside is None:
        return Type(lambda v: isinstance(v, str), ("some text", "", "x" * 256, "x" * 65_536))
    if not inside.isascii() or not inside.isdigit() or len(inside) > len("65536"):
        return None
    most = int(inside)
    edges = ("some text"[:most], "x" * most, "x" * (most + 1))
    return Type(lambda v: isinstance(v, str) and len(v) <= most, edges)


def _whole(bits: int) -> Type:
    low, high = -(2**bits), 2**bits - 1
    return Type(
        lambda v: isinstance(v, int) and not isinstance(v, bool) and low <= v <= high,
        (1, high, low),
    )


def _real(inside: str | None) -> Type | None:
    if inside is None:
        return Type(lambda v: isinstance(v, int | float) and not isinstance(v, bool), (1.5, 10**30))
    digits = re.fullmatch(r"([0-9]{1,3})(?:,\s*([0-9]{1,2}))?", inside.strip())
    if digits is None:
        return None
    after = int(digits[2] or 0)
    most = 10 ** max(0, int(digits[1]) - after)

    def takes(value: Any) -> bool:  # noqa: ANN401 - a JSON value
        if isinstance(value, bool) or not isinstance(value, int | float):
            return False
        return abs(value) < most and round(value, after) == value

    return Type(
        takes, (1, most - 1, most, 1 + 10.0**-after if after else 1.5, 1 + 0.1 ** (after + 1))
    )


def _choice(values: Iterable[str]) -> Type | None:
    known = frozenset(value for value in values if value)
    if not known:
        return None
    return Type(lambda v: v in known if isinstance(v, str) else False, tuple(sorted(known)))


def _list_of(item: Type) -> Type:
    return Type(
        lambda v: isinstance(v, list) and all(item.takes(each) for each in v),
        ([item.edges[0]], [], *([edge] for edge in item.edges[1:])),
    )
