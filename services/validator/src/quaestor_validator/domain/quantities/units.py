"""Numbers, multiples and spans of time, as people write them."""

import re
from decimal import Decimal

__all__ = [
    "LONGEST",
    "MULTIPLE",
    "NUMBER",
    "SECONDS",
    "SPAN",
    "head_of",
    "number_of",
    "plain",
    "span_of",
]

# A thousand is parted by commas or spaces in groups of three, by points where there are two groups
# or more; any other comma is a decimal one. `5e9` has its zeros as a power of ten.
NUMBER = (
    r"(?<![\w.,])(?:[0-9]{1,3}(?:\.[0-9]{3}){2,4}(?![\w.])|[0-9]{1,3}(?:[ ][0-9]{3}){1,4}(?![\w.,])"
    r"|[0-9]{1,15}(?:,[0-9]{3}){0,4}(?:[.,][0-9]{1,9})?(?:e[0-9]{1,2}(?![\w.]))?)"
)
_GROUPED = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?")
_POINTED = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3}){2,}")

_MULTIPLES = {
    "k": 10**3,
    "thousand": 10**3,
    "m": 10**6,
    "mio": 10**6,
    "mn": 10**6,
    "million": 10**6,
    "millions": 10**6,
    "b": 10**9,
    "bn": 10**9,
    "billion": 10**9,
    "billions": 10**9,
}
MULTIPLE = r"(?:k|thousand|mio|mn|millions?|m|bn|billions?|b)(?![a-z])"

# A month is a twelfth of a year of 365 days: growth is planned, not dated.
_YEAR = 365 * 86_400
SECONDS: dict[str, Decimal] = {
    "us": Decimal("0.000001"),
    "ms": Decimal("0.001"),
    "s": Decimal(1),
    "min": Decimal(60),
    "h": Decimal(3600),
    "d": Decimal(86_400),
    "w": Decimal(7 * 86_400),
    "month": Decimal(_YEAR // 12),
    "quarter": Decimal(_YEAR // 4),
    "y": Decimal(_YEAR),
}
_SPELLINGS = {
    "us": ("us", "µs", "μs", "microsecond", "microseconds"),
    "ms": ("ms", "msec", "msecs", "millisecond", "milliseconds"),
    "s": ("s", "sec", "secs", "second", "seconds"),
    "min": ("m", "min", "mins", "minute", "minutes"),
    "h": ("h", "hr", "hrs", "hour", "hours"),
    "d": ("d", "day", "days"),
    "w": ("w", "wk", "week", "weeks"),
    "month": ("mo", "month", "months"),
    "quarter": ("quarter", "quarters"),
    "y": ("y", "yr", "yrs", "year", "years", "annum"),
}
_UNIT = {spelling: unit for unit, spellings in _SPELLINGS.items() for spelling in spellings}
SPAN = rf"(?:{'|'.join(sorted(_UNIT, key=len, reverse=True))})(?![a-zµμ])"


# Nobody writes more into one figure's text, and a text may be a megabyte long:
# what is worked out of one is kept by this much of it.
LONGEST = 500


def head_of(text: str) -> str:
    """Give the part of a text that is looked at, its white space folded.

    With that, no pattern here has two ways to match the same spaces.
    """
    return " ".join(text[:LONGEST].split())


def number_of(digits: str, multiple: str | None = None) -> Decimal:
    """Read "1,500", "1 500", "1.500.000", "5e9", "99.9" or "99,9", times `k` and so on."""
    digits = digits.replace(" ", "")
    if _POINTED.fullmatch(digits):
        digits = digits.replace(".", "")
    plain_digits = digits.replace(",", "" if _GROUPED.fullmatch(digits) else ".")
    return Decimal(plain_digits) * _MULTIPLES.get((multiple or "").lower(), 1)


def span_of(spelling: str) -> str:
    """Give the unit, a key of `SECONDS`, of a span of time in any spelling."""
    return _UNIT[spelling.lower()]


def plain(number: Decimal) -> str:
    """Write a number without an exponent and without zeros at its end."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
