"""Internal APIs `MealPlanAPI: GET, POST {"meals": ["id1"]}` and external ones
`Spoonacular: https://api.example.com, auth api_key, limit 50 requests/min, sla 99.5% uptime`.
"""

import json
import math
from typing import Any, NoReturn

import msgspec

from quaestor_design_api.domain.notation.scan import NotationError, Piece, split, whole
from quaestor_design_api.domain.notation.words import choice, is_none, keyword, name, phrase
from quaestor_shared.contracts.answers import (
    ExpectationsAnswer,
    InternalApiAnswer,
    InternalApisAnswer,
)
from quaestor_shared.contracts.artifact import Method
from quaestor_shared.contracts.items import InternalApiItem

__all__ = [
    "read_expectations",
    "read_internal_api",
    "read_internal_apis",
    "write_expectations",
    "write_internal_api",
    "write_internal_apis",
]

_CRUD = (Method.GET, Method.POST, Method.PUT, Method.DELETE)


class _Parts(msgspec.Struct):
    """What the comma-separated parts of an API have said so far."""

    methods: list[Method] = []
    examples: dict[Method, Any] = {}
    sla: str | None = None


def read_internal_apis(text: str) -> InternalApisAnswer:
    """Read the exposed APIs, or `none`."""
    piece = whole(text)
    if is_none(piece):
        return InternalApisAnswer(items=())
    items: list[InternalApiItem] = []
    for segment in split(piece, ";\n"):
        head, detail = segment.partition(":")
        if detail is None:
            items += [InternalApiItem(name=name(n, "API")) for n in split(segment, ",")]
            continue
        parts = _read(detail, bare_is_sla=False)
        items.append(
            InternalApiItem(
                name=name(head, "API"),
                methods=tuple(parts.methods) or None,
                payload_examples=parts.examples or None,
                sla=parts.sla,
            )
        )
    if not items:
        raise NotationError("name the APIs, or say none", 0)
    return InternalApisAnswer(items=tuple(items))


def read_internal_api(text: str) -> InternalApiAnswer:
    """Read the methods of one API, with an example payload where one follows its method."""
    parts = _read(whole(text), bare_is_sla=False)
    if not parts.methods:
        raise NotationError("the methods are missing", 0)
    return InternalApiAnswer(
        methods=tuple(parts.methods), payload_examples=parts.examples or None, sla=parts.sla
    )


def read_expectations(text: str) -> ExpectationsAnswer:
    """Read a service level, and example payloads by method."""
    parts = _read(whole(text), bare_is_sla=True)
    if parts.sla is None:
        raise NotationError("the service level is missing, for instance `p95 < 200ms`", 0)
    return ExpectationsAnswer(sla=parts.sla, payload_examples=parts.examples or None)


def write_internal_apis(answer: InternalApisAnswer) -> str:
    """Write the exposed APIs in their notation."""
    if not answer.items:
        return "none"
    return "; ".join(
        f"{item.name}: {detail}"
        if (detail := _write(item.methods or (), item.payload_examples, item.sla))
        else item.name
        for item in answer.items
    )


def write_internal_api(answer: InternalApiAnswer) -> str:
    """Write the methods of one API in their notation."""
    return _write(answer.methods, answer.payload_examples, answer.sla)


def write_expectations(answer: ExpectationsAnswer) -> str:
    """Write a service level and its examples in their notation."""
    examples = answer.payload_examples or {}
    return ", ".join([answer.sla, *(_example(m, examples[m]) for m in examples)])


def _read(piece: Piece, *, bare_is_sla: bool) -> _Parts:
    parts = _Parts()
    for part in split(piece, ",\n" if bare_is_sla else ","):
        if (after := keyword(part, ["sla"])) is not None:
            parts.sla = phrase(after, "service level")
        elif part.text.lower() == "crud":
            parts.methods += [method for method in _CRUD if method not in parts.methods]
        elif part.text.split(maxsplit=1)[0].upper() in Method.__members__:
            _method(part, parts)
        elif parts.sla is not None:
            parts.sla = phrase(Piece(f"{parts.sla}, {part.text}", part.at), "service level")
        elif bare_is_sla:
            parts.sla = phrase(part, "service level")
        else:
            choice(part, Method, "method", {})
    return parts


def _method(part: Piece, parts: _Parts) -> None:
    word, _, rest = part.text.partition(" ")
    method = Method(word.upper())
    if method not in parts.methods:
        parts.methods.append(method)
    if rest.strip():
        parts.examples[method] = _json(part.cut(len(word)))


def _json(piece: Piece) -> Any:  # noqa: ANN401 - a JSON value
    try:
        return json.loads(piece.text, parse_constant=_no_constant, parse_float=_finite)
    except json.JSONDecodeError as error:
        raise NotationError(
            f"the example payload is not JSON: {error.msg}", piece.at + error.pos
        ) from error
    except (ValueError, RecursionError) as error:
        raise NotationError("the example payload is no JSON that can be kept", piece.at) from error


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON value")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError("the number is too large")
    return number


def _write(methods: tuple[Method, ...], examples: dict[Method, Any] | None, sla: str | None) -> str:
    given = examples or {}
    listed = [_example(m, given[m]) if m in given else m.value for m in methods]
    return ", ".join([*listed, *([f"sla {sla}"] if sla is not None else [])])


def _example(method: Method, payload: Any) -> str:  # noqa: ANN401 - a JSON value
    return f"{method.value} {json.dumps(payload, ensure_ascii=False)}"
