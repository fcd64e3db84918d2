"""How much alike two names, or two sets of what things say, are; and which of many belong together.

What is alike depends on nothing but the two things, so the answer is the same whatever stands
around them, and in whatever order.
"""

from collections.abc import Callable, Sequence
from difflib import SequenceMatcher

__all__ = ["ALIKE", "VERY_ALIKE", "alike", "best_pairs", "shared"]

ALIKE = 0.5
VERY_ALIKE = 0.8
_LONGEST_NAME = 100
_MOST = 200
# So many pairs are looked at; nobody renames and changes more at once.
_MOST_PAIRS = 2_500


def alike(one: str, other: str) -> float:
    """Give how much alike two names are, from 0 to 1; of very long ones nothing is said."""
    if max(len(one), len(other)) > _LONGEST_NAME:
        return 0
    # The order matters to the matcher, and must not to us.
    first, second = sorted((one.casefold(), other.casefold()))
    return SequenceMatcher(None, first, second, autojunk=False).ratio()


def shared(one: Sequence[str], other: Sequence[str]) -> float:
    """Give which part of all that two things say is said by both, from 0 to 1."""
    sets = set(one[:_MOST]), set(other[:_MOST])
    either = (sets[0] | sets[1]) - {""}
    return len(sets[0] & sets[1] & either) / max(1, len(either))


def best_pairs(
    removed: Sequence[int], added: Sequence[int], likeness: Callable[[int, int], float]
) -> list[tuple[int, int]]:
    """Pair what is more alike than either is to anything else; where two could be meant, none."""
    if len(removed) * len(added) > _MOST_PAIRS:
        return []
    scores = {(i, j): likeness(i, j) for i in removed for j in added}
    columns = {j: [scores[i, j] for i in removed] for j in added}
    rows = {i: [scores[i, j] for j in added] for i in removed}
    return [
        (i, j)
        for (i, j), score in scores.items()
        if score > 0
        and all(score == max(line) and line.count(score) == 1 for line in (rows[i], columns[j]))
    ]
