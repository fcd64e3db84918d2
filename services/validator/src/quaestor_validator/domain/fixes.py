"""Safe fixes, and which of them go together.

What a round applies does not meet: no two of its patches touch one place, and none moves what
another points at. What is left waits for the next round, which starts from the document as it is
then.
"""

from collections import Counter
from collections.abc import Iterator

from quaestor_shared.contracts.findings import PatchOperation
from quaestor_shared.contracts.fixes import AppliedFix
from quaestor_shared.pointers import pointer
from quaestor_validator.domain.duplicates import DUPLICATE_KEY
from quaestor_validator.domain.found import Found
from quaestor_validator.domain.settled import Settled

__all__ = ["adds", "applied", "chosen"]

_MOST = 1_000  # patches in a round


def chosen(settled: Settled) -> list[Found]:
    """Choose findings with safe fixes that can be applied at once, the earlier before the later.

    None of a text in which names stand twice: to write it again would drop one of them unasked.
    """
    if any(found.code == DUPLICATE_KEY for found, _ in settled.findings):
        return []
    taken: set[str] = set()
    above: set[str] = set()
    some: list[Found] = []
    for found, _ in settled.findings:
        if found.known or not (found.issue.safe and found.issue.patch):
            continue
        touched = {place for operation in found.issue.patch for place in _touched(operation)}
        if touched & above or any(taken.intersection(_prefixes(place)) for place in touched):
            continue
        some.append(found)
        taken |= touched
        above.update(prefix for place in touched for prefix in _prefixes(place))
        if len(some) == _MOST:
            break
    return some


def applied(found: Found) -> AppliedFix:
    """Tell what was done about a finding."""
    issue = found.issue
    return AppliedFix(
        code=found.code,
        pointer=pointer(issue.path),
        description=issue.fix or issue.message,
        patch=issue.patch,
    )


def adds(before: Settled, after: Settled) -> bool:
    """Say whether fixes have brought in a finding.

    What the rules say once the schema is satisfied was there before, and nobody had looked.
    """
    old, new = _codes(before), _codes(after)
    if any(code.startswith("schema/") for code in old):
        return sum(_of_schema(new)) > sum(_of_schema(old))
    return bool(new - old)


def _touched(operation: PatchOperation) -> Iterator[str]:
    """Give what an operation touches: all of a list whose items may move."""
    moves = operation.op in ("add", "remove", "move", "copy")
    for place in (operation.path, operation.from_):
        if place is not None:
            parent, _, last = place.rpartition("/")
            yield parent if moves and (last.isdecimal() or last == "-") else place


def _prefixes(place: str) -> Iterator[str]:
    """Give a place and all above it."""
    while place:
        yield place
        place = place.rpartition("/")[0]
    yield ""


def _codes(settled: Settled) -> Counter[str]:
    return Counter(found.code for found, _ in settled.findings)


def _of_schema(codes: Counter[str]) -> Iterator[int]:
    return (number for code, number in codes.items() if code.startswith("schema/"))
