"""A design as rules look at it: the artifact, and what several of them want to know of it.

Each thing is worked out when a rule first asks, and once, because a design may have thousands of
entities, and dozens of rules look at each.
"""

from quaestor_shared.contracts.artifact import Artifact

__all__ = ["Design", "folded"]

_SEPARATORS = str.maketrans("", "", "_- ")


class Design:
    """An artifact that is to be looked at from several sides."""

    def __init__(self, artifact: Artifact) -> None:
        self.artifact = artifact


def folded(name: str) -> str:
    """Fold what people vary when they write the same name: case, `_`, `-` and spaces."""
    return name.casefold().translate(_SEPARATORS)
