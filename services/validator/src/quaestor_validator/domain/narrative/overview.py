"""What the overview says otherwise: which artifact it is of, and how many things are in it."""

import re
from collections.abc import Iterator

from quaestor_shared.contracts.artifact import Artifact
from quaestor_shared.service.schema_messages import cut
from quaestor_validator.domain.narrative.blocks import Block
from quaestor_validator.domain.narrative.breach import CONTRADICTION, Breach
from quaestor_validator.domain.narrative.values import Shown, spans, value_at

__all__ = ["overview_differences"]

_COUNTS = {
    "entit": ("entities",),
    "internal": ("apis", "internal"),
    "external": ("apis", "external"),
    "process": ("processes",),
    "store": ("storage",),
}
_COUNT = re.compile(
    r"\b(no|[0-9]{1,6}) (?:(entit)(?:y|ies)|(internal|external) APIs?|(process)(?:es)?|(store)s?)\b"
)


def overview_differences(artifact: Artifact, block: Block) -> Iterator[Breach]:
    """Compare the sentence that the section begins with."""
    keys = ("feature_id", "version", "created_at")
    for key, shown in zip(keys, spans(block.source), strict=False):
        if shown.text != value_at(artifact, (key,)):
            yield _identity(artifact, block, shown, key)
    for count in _COUNT.finditer(block.text):
        path = _COUNTS[next(filter(None, count.groups()[1:]))]
        number = len(value_at(artifact, path))
        if count[1] != str(number or "no"):
            yield Breach(
                code=CONTRADICTION,
                block=block,
                shown=Shown(count[0], count[0]),
                path=path,
                message=f"the document counts {count[1]} where the artifact has {number}",
                expected=str(number),
            )


def _identity(artifact: Artifact, block: Block, shown: Shown, key: str) -> Breach:
    known = value_at(artifact, (key,))
    return Breach(
        code=CONTRADICTION,
        block=block,
        shown=shown,
        path=(key,),
        message=f"the document says {cut(shown.text)} where the artifact says {cut(known)}",
        expected=cut(known),
    )
