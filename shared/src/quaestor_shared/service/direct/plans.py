"""What a handler and its dependencies take, and where each of it comes from."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from litestar.di import Provide
from litestar.enums import ParamType
from litestar.handlers import HTTPRouteHandler
from litestar.params import ParameterKwarg
from litestar.typing import FieldDefinition

from quaestor_shared.service.bodies import StrictBody
from quaestor_shared.service.direct.remembered import Parameter, Remembered

__all__ = ["Function", "Plan", "plan_of"]

_GIVEN = ("request", "state", "data")


class Function(NamedTuple):
    """A function to call, the names of what it is given, and the name of what it gives.

    What it takes from query and headers is not among these: `Remembered` has it.
    """

    call: Callable[..., Any]
    waits: bool
    given: tuple[str, ...]
    gives: str


class Plan(NamedTuple):
    """A handler, and before it what it depends on, in the order of their calls.

    `body` reads its `data`; `most` is the size of the largest body, in bytes.
    """

    functions: tuple[Function, ...]
    parameters: Remembered
    body: type[StrictBody[Any]] | None
    most: int
    takes_request: bool


class _NotPlain(Exception):
    """A handler takes, or does, what there is no plan for."""


def plan_of(handler: HTTPRouteHandler) -> Plan | None:
    """Give the plan of a handler, or None for one that Litestar has to call itself."""
    try:
        return _plan_of(handler)
    except _NotPlain:
        return None


def _plan_of(handler: HTTPRouteHandler) -> Plan:
    if _has_more(handler):
        raise _NotPlain
    provided = handler.resolve_dependencies()
    functions: list[Function] = []
    parameters: list[dict[str, Parameter]] = []
    _add(handler, handler.fn, "", provided, functions, parameters)
    most = handler.resolve_request_max_body_size()
    taken = {name for function in functions for name in function.given}
    body = _body_of(handler) if "data" in taken else None
    if body is not None and most is None:
        raise _NotPlain
    return Plan(
        functions=tuple(functions),
        parameters=Remembered(parameters),
        body=body,
        most=most or 0,
        takes_request="request" in taken,
    )


def _body_of(handler: HTTPRouteHandler) -> type[StrictBody[Any]]:
    dto = handler.resolve_data_dto()
    if dto is None or not issubclass(dto, StrictBody):
        raise _NotPlain
    return dto


def _has_more(handler: HTTPRouteHandler) -> bool:
    """Say whether something is to be done around a handler.

    What the application does before each request is known, and done here too.
    """
    return bool(
        handler.resolve_guards()
        or handler.cache
        or handler.background
        or handler.resolve_after_response()
        or handler.resolve_response_headers()
        or handler.resolve_response_cookies()
        or handler.resolve_layered_parameters()
        or any(layer.after_request for layer in handler.ownership_layers)
        or any(layer.before_request for layer in handler.ownership_layers[1:])
    )


def _add(
    owner: HTTPRouteHandler | Provide,
    call: Callable[..., Any],
    gives: str,
    provided: Mapping[str, Provide],
    functions: list[Function],
    parameters: list[dict[str, Parameter]],
) -> None:
    """Add a function to a plan, behind those that it depends on."""
    given: list[str] = []
    read: dict[str, Parameter] = {}
    for name, field in owner.parsed_fn_signature.parameters.items():
        if name in provided:
            if name not in {function.gives for function in functions}:
                _add_provider(name, provided, functions, parameters)
            given.append(name)
        elif name in _GIVEN or _is_plain_path(field):
            given.append(name)
        else:
            read[name] = _parameter(field, owner.signature_model.__annotations__[name])
    functions.append(Function(call, not owner.has_sync_callable, tuple(given), gives))
    parameters.append(read)


def _add_provider(
    name: str,
    provided: Mapping[str, Provide],
    functions: list[Function],
    parameters: list[dict[str, Parameter]],
) -> None:
    provider = provided[name]
    if (
        provider.use_cache
        or provider.has_sync_generator_dependency
        or provider.has_async_generator_dependency
        or "data" in provider.parsed_fn_signature.parameters
    ):
        raise _NotPlain
    _add(provider, provider.dependency, name, provided, functions, parameters)


def _is_plain_path(field: FieldDefinition) -> bool:
    """Say whether a parameter is a part of the path as it stands there."""
    of = field.kwarg_definition
    return (
        isinstance(of, ParameterKwarg)
        and of.param_type is ParamType.PATH
        and field.annotation is str
        and of.name is None
        and not of.is_constrained
    )


def _parameter(field: FieldDefinition, annotation: Any) -> Parameter:  # noqa: ANN401 - any type form
    of = field.kwarg_definition
    if not isinstance(of, ParameterKwarg) or field.is_non_string_sequence:
        raise _NotPlain
    if of.param_type not in (ParamType.QUERY, ParamType.HEADER):
        raise _NotPlain
    return Parameter(
        sent_as=of.name or field.name,
        in_header=of.param_type is ParamType.HEADER,
        annotation=annotation,
        default=field.default,
        required=not field.has_default and not field.is_optional,
    )
