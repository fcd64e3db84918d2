"""The name that was probably meant."""

from collections.abc import Iterable

from quaestor_shared.near import nearest
from quaestor_validator.domain.words import folded

__all__ = ["Nearest"]

# Comparing a name with all others takes time, and nobody reads a thousand suggestions.
_MOST_SUGGESTIONS = 20
_CLOSE = 0.75
# More different lengths than this are not that close.
_DIFFERENCE = 4


class Nearest:
    """Finds the known name that is nearest to an unknown one."""

    def __init__(self, known: Iterable[str]) -> None:
        self._names = sorted(known)
        self._by_fold: dict[str, str] = {}
        self._ambiguous: set[str] = set()
        for name in self._names:
            if self._by_fold.setdefault(folded(name), name) != name:
                self._ambiguous.add(folded(name))
        self._left = _MOST_SUGGESTIONS

    def same(self, name: str) -> str | None:
        """Give the one known name that differs in case, `_`, `-` and spaces alone."""
        fold = folded(name)
        return None if fold in self._ambiguous else self._by_fold.get(fold)

    def to(self, name: str) -> str | None:
        """Give the name that was probably meant; after some suggestions only `same` ones."""
        fold = folded(name)
        found = self._by_fold.get(fold)
        if found is not None or self._left == 0:
            return found
        self._left -= 1
        alike = [other for other in self._by_fold if abs(len(other) - len(fold)) <= _DIFFERENCE]
        close = nearest(fold, alike, _CLOSE)
        return None if close is None else self._by_fold[close]
