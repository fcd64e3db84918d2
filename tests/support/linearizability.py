"""Is there an order in which operations that ran at once could have run one after the other?

After J. Wing and C. Gong, "Testing and Verifying Concurrent Objects" (1993), with the memory of
states already seen that G. Lowe adds in "Testing for Linearizability" (2017).
"""

from collections.abc import Callable, Hashable, Sequence
from typing import Any, NamedTuple

__all__ = ["Done", "is_linearizable"]


class Done(NamedTuple):
    """An operation: when it began and ended, what was asked and answered; no end for no answer."""

    begin: float
    end: float
    asked: Any
    answered: Any


# Gives the state after an operation, or None where it could not have been answered so. An answer
# that never came may be any.
Step = Callable[[Any, Any, Any], Hashable | None]


def is_linearizable(history: Sequence[Done], start: Hashable, step: Step) -> bool:
    """Say whether some order explains every answer, and keeps what came before before."""
    operations = sorted(history)
    everything = (1 << len(operations)) - 1
    must = sum(1 << i for i, one in enumerate(operations) if one.end != float("inf"))
    seen: set[tuple[int, Hashable]] = set()
    waiting = [(0, start)]
    while waiting:
        done, state = waiting.pop()
        if done & must == must:
            return True
        if (done, state) in seen:
            continue
        seen.add((done, state))
        left = everything & ~done
        # What began only after another of those left had ended cannot come before that one.
        first_end = min(one.end for i, one in enumerate(operations) if left >> i & 1)
        for i, one in enumerate(operations):
            if not left >> i & 1 or one.begin > first_end:
                continue
            after = step(state, one.asked, one.answered)
            if after is not None:
                waiting.append((done | 1 << i, after))
    return False
