"""What a narrative says and its artifact does not, before it becomes a finding."""

from typing import NamedTuple

from quaestor_shared.contracts.findings import PatchOperation
from quaestor_validator.domain.narrative.blocks import Block
from quaestor_validator.domain.narrative.values import Shown

__all__ = ["CLAIM", "CONTRADICTION", "MORE", "UNKNOWN", "Breach", "Path"]

CONTRADICTION = "narrative/contradiction"
UNKNOWN = "narrative/unknown"
MORE = "narrative/says-more"
CLAIM = "narrative/free-claim"
Path = tuple[str | int, ...]


class Breach(NamedTuple):
    """A value of the document, the place of the artifact that it concerns, and what would mend it.

    `patch` makes the artifact say what the document says; where that is not plain there is none.
    """

    code: str
    block: Block
    shown: Shown
    path: Path
    message: str
    expected: str | None = None
    did_you_mean: str | None = None
    patch: tuple[PatchOperation, ...] = ()
