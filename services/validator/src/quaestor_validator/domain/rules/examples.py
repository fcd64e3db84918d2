"""The example payloads of a design, as rules look at them."""

from typing import Any

import msgspec

from quaestor_shared.contracts.artifact import Method
from quaestor_validator.domain.lazy import lazy
from quaestor_validator.domain.secrets import SHORTEST

__all__ = ["Examples"]


class Examples:
    """Example payloads, those of an API by method."""

    def __init__(self, payloads: list[dict[str, Any]]) -> None:
        self._payloads = payloads
        self.keys: set[str] = set().union(*payloads)
        """What they are of, methods as a rule, each once."""
        self.of_head = Method.HEAD in self.keys
        self.of_get = Method.GET in self.keys

    @lazy
    def text(self) -> bytes:
        """All of them as JSON."""
        return msgspec.json.encode(self._payloads)

    @lazy
    def names(self) -> set[str]:
        """The names of their members, at any depth, each once."""
        return self._looked_through[0]

    @lazy
    def may_have_secrets(self) -> bool:
        """Whether there is a text in them that is long enough to be a secret."""
        return self._looked_through[1] >= SHORTEST

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
