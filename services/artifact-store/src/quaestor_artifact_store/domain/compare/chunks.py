"""diff3: two texts that come from one base, cut where both still agree with it.

After S. Khanna, K. Kunal, B. C. Pierce, "A Formal Investigation of Diff3" (2007). The libraries
there are for it have licences that do not go with ours.
"""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

__all__ = ["Chunk", "chunks"]

Lines = Sequence[str]


class Chunk(NamedTuple):
    """A run of lines, which begins in the base at `begin`, from 0."""

    begin: int
    base: Lines
    theirs: Lines
    yours: Lines

    @property
    def joined(self) -> Lines | None:
        """The lines that both changes together lead to; None where they contradict each other."""
        if self.theirs in (self.yours, self.base):
            return self.yours
        return self.theirs if self.yours == self.base else None


def chunks(base: Lines, theirs: Lines, yours: Lines) -> Iterator[Chunk]:
    """Cut three texts into runs: lines that all have, and between them what someone changed."""
    in_theirs, in_yours = _places(base, theirs), _places(base, yours)
    common = [line for line in in_theirs if line in in_yours]
    i = j = k = 0
    for line in common:
        there, here = in_theirs[line], in_yours[line]
        if (i, j, k) != (line, there, here):
            yield Chunk(i, base[i:line], theirs[j:there], yours[k:here])
        same = base[line : line + 1]
        yield Chunk(line, same, same, same)
        i, j, k = line + 1, there + 1, here + 1
    if (i, j, k) != (len(base), len(theirs), len(yours)):
        yield Chunk(i, base[i:], theirs[j:], yours[k:])


def _places(base: Lines, other: Lines) -> dict[int, int]:
    """Give for each line of the base that the other kept where it stands there."""
    blocks = SequenceMatcher(None, base, other, autojunk=False).get_matching_blocks()
    return {block.a + offset: block.b + offset for block in blocks for offset in range(block.size)}
