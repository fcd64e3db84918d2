"""A script: the sections and numbered questions of an interview, as data.

`load` turns the data into a checked Script. A question with `each` repeats over the items of a
collection (`1.2` becomes `1.2.1`, `1.2.2`, ...); one with `names` names those items. `fills` are
the leaves that it must fill, `optional` those that it may.
"""

from collections.abc import Mapping
from typing import Annotated, Any

import msgspec
from msgspec import Meta

__all__ = ["Collection", "QuestionDef", "Script", "ScriptError", "Section", "load"]


class ScriptError(ValueError):
    """A script that contradicts itself; the message names every fault."""


class _Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of a script; an unknown key is a typing mistake."""


class Section(_Part, frozen=True, kw_only=True):
    """A numbered part of the interview."""

    number: Annotated[str, Meta(pattern=r"^[1-9][0-9]?\Z")]
    title: str


class Collection(_Part, frozen=True, kw_only=True):
    """A list of the artifact: where it stands, and what an item's name is called there.

    Without a `key` (stores) the items are told apart by their parts.
    """

    pointer: Annotated[str, Meta(pattern=r"^(/[a-z_]+)+\Z")]
    noun: str
    key: str | None = None
    min_items: Annotated[int, Meta(ge=0)] = 0
    defaults: dict[str, Any] = {}


class QuestionDef(_Part, frozen=True, kw_only=True):
    """A question. `{item}` in its texts is the name of what it is asked about.

    `unknown` gives the value that stands for each leaf while nobody knows it; a question without
    one cannot be answered with `unknown`.
    """

    number: Annotated[str, Meta(pattern=r"^[1-9][0-9]?\.[1-9][0-9]?\Z")]
    text: str
    answer: str
    notation: str
    example: str
    help: str = ""
    names: str | None = None
    each: str | None = None
    fills: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    unknown: dict[str, Any] | None = None

    @property
    def section(self) -> str:
        """Give the number of the section that the question belongs to."""
        return self.number.partition(".")[0]

    @property
    def required(self) -> bool:
        """Say whether the design is incomplete without an answer."""
        return bool(self.fills or self.names)


class Script(_Part, frozen=True, kw_only=True):
    """An interview of one profile. `version` is what a session pins when it starts."""

    profile: str
    version: str
    title: str
    sections: tuple[Section, ...]
    collections: dict[str, Collection]
    questions: tuple[QuestionDef, ...]

    def question(self, number: str, *, repeated: bool) -> QuestionDef | None:
        """Give the question with a number such as `1.2`: itself, or the one asked of each item.

        `2.1` names the external APIs; `2.1.1` asks, under the same number, about the first.
        """
        return next(
            (q for q in self.questions if q.number == number and (q.each is not None) == repeated),
            None,
        )


def load(data: Mapping[str, Any]) -> Script:
    """Make a script of decoded TOML. Raises ScriptError with every fault that it has."""
    from quaestor_design_api.domain.script_check import faults

    try:
        script = msgspec.convert(data, Script)
    except msgspec.ValidationError as error:
        raise ScriptError(f"the script cannot be read: {error}") from error
    found = faults(script)
    if found:
        raise ScriptError(f"the script {script.profile} contradicts itself: {'; '.join(found)}")
    return script
