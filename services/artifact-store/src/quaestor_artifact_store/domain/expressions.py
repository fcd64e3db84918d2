"""Version expressions: how a version of an artifact is named where one is asked for."""

import re
from typing import NamedTuple

from quaestor_artifact_store.domain.times import read_time
from quaestor_shared.errors import NotFound

__all__ = ["NO_LABEL", "Expression", "may_be_label", "read_expression"]

NO_LABEL = "a label is no number, not `latest` and not `approved`"
_NUMBER = re.compile(r"[1-9][0-9]{0,14}")
_LABEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,99}")
_AS_OF = "as-of:"
_MOVING = ("latest", "approved")  # mean another version as time goes on


class Expression(NamedTuple):
    """Which version is meant: by number, label, time or approval; with none of them the latest.

    `as_of` is an instant as rows tell it: meant is the version that was the latest then.
    """

    number: int | None = None
    label: str | None = None
    as_of: str | None = None
    approved: bool = False

    @property
    def lasts(self) -> bool:
        """Say whether it means the same version for good: a label does not move either."""
        return self.number is not None or self.label is not None


def read_expression(text: str) -> Expression:
    """Read `7`, `latest`, `approved`, `as-of:2026-01-31T16:00:00Z` or a label.

    Raises InvalidInput for a time that is none, NotFound for what no version can be called.
    """
    if text == "latest":
        return Expression()
    if text == "approved":
        return Expression(approved=True)
    if text.startswith(_AS_OF):
        return Expression(as_of=read_time(text.removeprefix(_AS_OF), "expression"))
    if _NUMBER.fullmatch(text):
        return Expression(number=int(text))
    if not _LABEL.fullmatch(text):
        raise NotFound("There is no such version of this artifact.")
    return Expression(label=text)


def may_be_label(label: str) -> bool:
    """Say whether a label means nothing else as an expression; its form is the contract's."""
    return label not in _MOVING and not _NUMBER.fullmatch(label)
