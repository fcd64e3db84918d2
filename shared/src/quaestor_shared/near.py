"""Which of some names was probably meant by another."""

from collections.abc import Iterable
from difflib import get_close_matches

__all__ = ["nearest"]


def nearest(given: str, candidates: Iterable[str], cutoff: float) -> str | None:
    """Give the candidate that is nearest, two letters the wrong way round nearer than all else."""
    known = list(candidates)
    swapped = next((each for each in known if _is_swapped(given, each)), None)
    if swapped is not None:
        return swapped
    close = get_close_matches(given, known, 1, cutoff)
    return close[0] if close else None


def _is_swapped(one: str, other: str) -> bool:
    """Say whether two neighbours have changed places. In a short word no ratio is that high."""
    if len(one) != len(other):
        return False
    unlike = [i for i, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    if len(unlike) != 2:
        return False
    i, j = unlike
    return j == i + 1 and (one[i], one[j]) == (other[j], other[i])
