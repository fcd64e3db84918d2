"""What a write depends on (RFC 9110, 13.1): the content that the writer saw, or that there is none.

The entity tag of an artifact is the digest of its latest version.
"""

import re
from typing import NamedTuple

from quaestor_shared.contracts.errors import ErrorDetail
from quaestor_shared.errors import InvalidInput

__all__ = ["UNCONDITIONAL", "Condition", "read_condition"]

_TAG = re.compile(r'(W/)?"([^"\x00-\x20\x7f]*)"')
_LIST = re.compile(rf"\s*{_TAG.pattern}\s*(,\s*{_TAG.pattern}\s*)*")


class Condition(NamedTuple):
    """When a write may be done.

    `digests`: only while the latest version has one of them. `exists`: only while there is one at
    all, or, if false, none. `required`: not at all without one of these, where there is a version.
    """

    digests: tuple[str, ...] | None = None
    exists: bool | None = None
    required: bool = False

    @property
    def given(self) -> bool:
        """Say whether there is a condition."""
        return self.digests is not None or self.exists is not None

    def holds(self, digest: str | None) -> bool:
        """Say whether it holds for the digest of the latest version, None where there is none."""
        if self.digests is not None and digest not in self.digests:
            return False
        return self.exists is None or self.exists == (digest is not None)


UNCONDITIONAL = Condition()


def read_condition(
    if_match: str | None, if_none_match: str | None, *, required: bool = False
) -> Condition:
    """Read the two headers of a write. Raises InvalidInput for what is none of their forms."""
    digests, exists = None, None
    if if_match is not None:
        if if_match.strip() == "*":
            exists = True
        elif _LIST.fullmatch(if_match):
            # A weak tag never matches a strong comparison (RFC 9110, 8.8.3.2).
            digests = tuple(tag for weak, tag in _TAG.findall(if_match) if not weak)
        else:
            raise _refused("If-Match", 'the ETag of an earlier reply, such as `"sha256:..."`, or *')
    if if_none_match is not None:
        if if_none_match.strip() != "*":
            raise _refused("If-None-Match", "`*`: the write is done only where there is nothing")
        if if_match is not None:
            raise _refused("If-None-Match", "send one of If-Match and If-None-Match")
        exists = False
    return Condition(digests, exists, required)


def _refused(header: str, message: str) -> InvalidInput:
    detail = ErrorDetail(field=header, message=message)
    return InvalidInput("The condition cannot be read.", details=[detail])
