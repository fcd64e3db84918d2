"""What the query and the headers of requests mean to functions, worked out once for each text.

Their values follow from the texts alone, and clients send few of these: so they are remembered,
up to a number of texts and a length of each.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

import msgspec

from quaestor_shared.asgi_types import Scope

__all__ = ["Arguments", "Parameter", "Remembered"]

_TEXTS = 256  # different ones that are remembered of each handler
_LONGEST = 1_024  # bytes
_Headers = tuple[tuple[bytes, bytes], ...]
Arguments = tuple[dict[str, Any], ...]


class Parameter(NamedTuple):
    """A parameter of a function: what it is called outside, where, and what it has to be."""

    sent_as: str
    in_header: bool
    annotation: Any
    default: Any
    required: bool


class Remembered:
    """Reads the arguments of functions from requests, a dict for each function."""

    def __init__(self, functions: Sequence[Mapping[str, Parameter]]) -> None:
        """Take the parameters of each function by their names."""
        self._functions = [(parameters, _model(parameters)) for parameters in functions]
        every = [each for parameters in functions for each in parameters.values()]
        self._in_query = any(not each.in_header for each in every)
        self._headers = frozenset(each.sent_as.lower().encode() for each in every if each.in_header)
        self._recall = lru_cache(_TEXTS)(self._read)

    def of(self, scope: Scope) -> Arguments | None:
        """Give the arguments; None where one is missing or wrong. They are not to be changed."""
        query: bytes = scope["query_string"] if self._in_query else b""
        names = self._headers
        headers = tuple([each for each in scope["headers"] if each[0] in names]) if names else ()
        length = len(query) + sum([len(value) for _, value in headers])
        return (self._recall if length <= _LONGEST else self._read)(query, headers)

    def _read(self, query: bytes, headers: _Headers) -> Arguments | None:
        # Of a name twice in the query the last counts, in the headers the first: as in Litestar.
        asked = dict(parse_qsl(query.decode("latin-1"), keep_blank_values=True))
        said = {name.decode(): value.decode("latin-1") for name, value in reversed(headers)}
        try:
            return tuple(
                msgspec.structs.asdict(
                    msgspec.convert(_sent(parameters, asked, said), model, strict=False)
                )
                for parameters, model in self._functions
            )
        except msgspec.ValidationError:
            return None


def _sent(
    parameters: Mapping[str, Parameter], asked: Mapping[str, str], said: Mapping[str, str]
) -> dict[str, str]:
    found = {}
    for name, each in parameters.items():
        value = said.get(each.sent_as.lower()) if each.in_header else asked.get(each.sent_as)
        if value is not None:
            found[name] = value
    return found


def _model(parameters: Mapping[str, Parameter]) -> type[msgspec.Struct]:
    fields: list[Any] = []
    for name, each in parameters.items():
        if each.required:
            fields.append((name, each.annotation))
        else:
            fields.append((name, each.annotation, each.default))
    return msgspec.defstruct("Parameters", fields, kw_only=True)
