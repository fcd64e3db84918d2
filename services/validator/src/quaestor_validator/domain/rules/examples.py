"""The example payloads of a design, as rules look at them."""

from typing import Any

import msgspec

from quaestor_validator.domain.lazy import lazy

__all__ = ["Examples"]


class Examples:
    """Example payloads, those of an API by method."""

    def __init__(self, payloads: list[dict[str, Any]]) -> None:
        self._payloads = payloads
        self.keys: set[str] = set().union(*payloads)
        """What they are of, methods as a rule, each once."""

    @lazy
    def text(self) -> bytes:
        """All of them as JSON."""
        return msgspec.json.encode(self._payloads)

    @lazy
    def names(self) -> set[str]:
        """The names of their members, at any depth, each once."""
        return self._looked_through[0]

    @lazy
    def longest(self) -> int:
        """The length of the longest text in them."""
        return self._looked_through[1]

    @lazy
    def _looked_through(self) -> tuple[set[str], int]:
        names: set[str] = set()
        longest = 0
        values: list[Any] = [example for each in self._payloads for example in each.values()]
        for value in values:  # it grows while it is gone through
            if type(value) is str:
                longest = max(longest, len(value))
            elif type(value) is dict:
                names.update(value)
                values += value.values()
            elif type(value) is list:
                values += value
        return names, longest
