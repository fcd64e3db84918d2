"""The one-line text of every answer type, and back.

`read(tag, write(answer)) == answer` for every answer. What a notation cannot say (a comma in a
name that came as JSON) is written as JSON, which every notation also takes.
"""

import re
from collections.abc import Callable
from typing import Any

import msgspec

from quaestor_design_api.domain.notation import (
    apis,
    entities,
    external,
    processes,
    records,
    stores,
)
from quaestor_design_api.domain.notation.scan import NotationError
from quaestor_shared.contracts.answers import Answer, SkipAnswer, UnknownAnswer

__all__ = ["ANSWER_TAGS", "NotationError", "is_command", "read", "tag_of", "write"]

Read = Callable[[str], Any]
Write = Callable[[Any], str]

_NOTATIONS: dict[str, tuple[Read, Write]] = {
    "entities": (entities.read_entities, entities.write_entities),
    "entity": (entities.read_entity, entities.write_entity),
    "external_apis": (external.read_external_apis, external.write_external_apis),
    "external_api": (external.read_external_api, external.write_external_api),
    "internal_apis": (apis.read_internal_apis, apis.write_internal_apis),
    "internal_api": (apis.read_internal_api, apis.write_internal_api),
    "expectations": (apis.read_expectations, apis.write_expectations),
    "processes": (processes.read_processes, processes.write_processes),
    "process": (processes.read_process, processes.write_process),
    "stores": (stores.read_stores, stores.write_stores),
    "store": (stores.read_store, stores.write_store),
    "audit": (records.read_audit, records.write_audit),
    "observability": (records.read_observability, records.write_observability),
    "residency": (records.read_residency, records.write_residency),
    "handoff": (records.read_handoff, records.write_handoff),
    "list": (records.read_list, records.write_list),
    "text": (records.read_text, records.write_text),
}
ANSWER_TAGS = frozenset(_NOTATIONS)
_json: msgspec.json.Decoder[Answer] = msgspec.json.Decoder(Answer)
_COMMAND = re.compile(r"\s*(skip|unknown|assume\b.*)[.!]?\s*", re.IGNORECASE | re.DOTALL)


def is_command(text: str) -> bool:
    """Say whether a text is `skip`, `unknown` or `assume ...` rather than an answer."""
    return _COMMAND.fullmatch(text) is not None


def tag_of(answer: Answer) -> str:
    """Give the tag that an answer has in JSON."""
    return str(answer.__struct_config__.tag)


def read(tag: str, text: str) -> Answer:
    """Read a text into an answer of the type `tag`. Raises NotationError with the place."""
    bare = text.strip()
    if bare.startswith("{") and bare.endswith("}"):
        return _read_json(tag, bare)
    try:
        answer: Answer = _NOTATIONS[tag][0](text)
    except msgspec.ValidationError as error:
        raise NotationError(str(error).partition(" - at ")[0], 0) from error
    return answer


def write(answer: Answer) -> str:
    """Write an answer in its notation, or as JSON where the notation cannot say it."""
    if isinstance(answer, SkipAnswer | UnknownAnswer):
        return tag_of(answer)
    tag = tag_of(answer)
    text = _NOTATIONS[tag][1](answer)
    try:
        if not is_command(text) and read(tag, text) == answer:
            return text
    except NotationError:
        pass
    return msgspec.json.encode(answer).decode()


def _read_json(tag: str, text: str) -> Answer:
    try:
        answer: Answer = _json.decode(text)
    except msgspec.DecodeError as error:
        raise NotationError(f"as JSON this is no answer: {error}", 0) from error
    if tag_of(answer) != tag:
        raise NotationError(f"the answer is of type {tag_of(answer)!r}, not {tag!r}", 0)
    return answer
