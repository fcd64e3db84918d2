"""Values without parts that a schema may take, with those at the edges of another one."""

from collections.abc import Iterator

from quaestor_validator.domain.compatibility.patterns import samples
from quaestor_validator.domain.compatibility.shapes import Shape, choices

__all__ = ["numbers", "texts", "types_of"]

_TYPES = ("null", "boolean", "integer", "number", "string", "array", "object")
_LOW = ("minimum", "exclusiveMinimum")
_HIGH = ("maximum", "exclusiveMaximum")
_LONGEST = 10_000
_FORMATS = {
    "date": ("2026-01-31", "2024-02-29"),
    "date-time": ("2026-01-31T16:00:00Z", "2026-01-31T16:00:00+01:00"),
    "time": ("16:00:00Z",),
    "duration": ("P1D", "PT5M"),
    "email": ("ada@example.org",),
    "idn-email": ("ada@example.org", "δοκιμή@example.org"),
    "hostname": ("example.org",),
    "idn-hostname": ("example.org", "例え.jp"),
    "ipv4": ("192.0.2.1",),
    "ipv6": ("2001:db8::1",),
    "uri": ("https://example.org/a",),
    "uri-reference": ("/a", "https://example.org/a"),
    "iri": ("https://example.org/ä",),
    "iri-reference": ("/ä",),
    "uuid": ("7ab11676-cf95-450e-9d7a-b19a4725d505",),
    "uri-template": ("/a/{b}",),
    "json-pointer": ("/a",),
    "relative-json-pointer": ("1/a",),
    "regex": ("^a$",),
}
# What some format or pattern may turn away.
_COMMON = ("text", "", "a", "A", "1", "a b", "-", "é", "2026-01-31", "some-longer_text.9")


def types_of(shape: Shape) -> list[str]:
    """Give the types that a shape takes, in a fixed order; a number may be an integer."""
    allowed = set(_TYPES)
    for part in shape:
        if "type" in part:
            named = part["type"]
            names = {named} if isinstance(named, str) else set(named)
            if "number" in names:
                names.add("integer")
            allowed &= names
    return [name for name in _TYPES if name in allowed]


def numbers(shape: Shape, hints: Shape, *, whole: bool) -> Iterator[int | float]:
    """Give numbers that a shape may take: around its bounds, and around those of the hints."""
    found: dict[int | float, None] = {}
    for value in _around(shape, hints):
        if whole and value != int(value):
            continue
        exact = int(value) if value == int(value) else value
        if exact not in found and _within(exact, shape):
            found[exact] = None
            yield exact


def _around(shape: Shape, hints: Shape) -> Iterator[int | float]:
    yield from (0, 1, 2)
    steps = [part["multipleOf"] for part in (*shape, *hints) if part.get("multipleOf")]
    for part in (*shape, *hints):
        for keyword in (*_LOW, *_HIGH):
            bound = part.get(keyword)
            if isinstance(bound, int | float) and not isinstance(bound, bool):
                yield from (bound, bound + 1, bound - 1, bound + 0.5, bound - 0.5)
                for step in steps:
                    near = bound // step * step
                    yield from (near, near + step, near - step)
    for step in steps:
        yield from (step, -step, 3 * step, step / 2)
    yield from (-1, 3, 7, 0.5, 1.5, -0.5, 0.1, 100, 10**6, -(10**6), 10**20)


def _within(value: float, shape: Shape) -> bool:
    for part in shape:
        if value < part.get("minimum", value) or value > part.get("maximum", value):
            return False
        if "exclusiveMinimum" in part and value <= part["exclusiveMinimum"]:
            return False
        if "exclusiveMaximum" in part and value >= part["exclusiveMaximum"]:
            return False
    return True


def texts(shape: Shape, hints: Shape) -> Iterator[str]:
    """Give texts that a shape may take: of its formats and patterns, and of lengths at edges."""
    low = max((part.get("minLength", 0) for part in shape), default=0)
    high = min((part.get("maxLength", _LONGEST) for part in shape), default=_LONGEST)
    if low > _LONGEST:
        return
    found: set[str] = set()
    for text in _candidates(shape, hints, int(low), int(high)):
        if low <= len(text) <= high and text not in found:
            found.add(text)
            yield text


def _candidates(shape: Shape, hints: Shape, low: int, high: int) -> Iterator[str]:
    yield from _told(shape)
    yield "text"
    lengths = [low, high if high < _LONGEST else low]
    for part in hints:
        for keyword, step in (("minLength", -1), ("maxLength", 1)):
            if isinstance(part.get(keyword), int | float) and part[keyword] < _LONGEST:
                lengths += [int(part[keyword]) + step, int(part[keyword])]
    yield from ("a" * length for length in lengths if length >= 0)
    stretched = [text for text in _told(shape) if text]
    # A pattern may repeat: its samples are stretched to the lengths that matter.
    yield from (_stretched(text, n) for text in stretched[:4] for n in lengths if n > len(text))
    yield from _told(hints)
    yield from (value for value in choices(hints) if isinstance(value, str))
    yield from _COMMON


def _stretched(text: str, length: int) -> str:
    return text + text[-1] * (length - len(text))


def _told(shape: Shape) -> Iterator[str]:
    for part in shape:
        yield from _FORMATS.get(str(part.get("format")), ())
        if isinstance(part.get("pattern"), str):
            yield from samples(part["pattern"])
