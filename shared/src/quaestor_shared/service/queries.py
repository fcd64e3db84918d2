"""Query parameters that a route does not take: refused, as unknown members of a body are.

A mistyped `dry_run` that was left aside would write.
"""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import unquote_plus

from litestar.handlers import HTTPRouteHandler

from quaestor_shared.contracts.errors import ErrorDetail
from quaestor_shared.errors import InvalidInput

__all__ = ["check_query"]

_LONGEST = 100  # characters of a name that are told and compared
_MOST_FAULTS = 100


class _Taken(NamedTuple):
    """The names that a route takes once, and those that it takes any number of times."""

    once: frozenset[bytes]
    often: frozenset[bytes]


def check_query(scope: Mapping[str, Any]) -> None:
    """Refuse parameters that the route of a request does not take, or takes once and has twice.

    Raises InvalidInput naming each. The scope is as Litestar's router leaves it.
    """
    query: bytes = scope["query_string"]
    if not query:
        return
    taken = _taken(scope["route_handler"], tuple(scope["path_params"]))
    seen: set[bytes] = set()
    for part in query.split(b"&"):
        name = part.partition(b"=")[0]
        if name not in taken.once or name in seen:
            if name in taken.often or not part:
                continue
            break
        seen.add(name)
    else:
        return
    if faults := list(_faults(query, taken))[:_MOST_FAULTS]:
        raise InvalidInput("The query is not one that this address takes.", details=faults)


@lru_cache(maxsize=1_000)
def _taken(handler: Any, path: tuple[str, ...]) -> _Taken:  # noqa: ANN401 - handlers of all kinds
    """Find what a route takes, its dependencies included."""
    if not isinstance(handler, HTTPRouteHandler):
        return _Taken(frozenset(), frozenset())
    names: dict[str, Any] = dict.fromkeys(path)
    model = handler.create_kwargs_model(path_parameters=names)
    parameters = model.expected_query_params
    often = {one.field_alias for one in parameters if one.is_sequence}
    once = {one.field_alias for one in parameters} - often
    return _Taken(*(frozenset(name.encode() for name in each) for each in (once, often)))


def _faults(query: bytes, taken: _Taken) -> Iterator[ErrorDetail]:
    """Look again, at the names as they are meant: any character of one may be percent-encoded."""
    seen: set[str] = set()
    once, often = ([name.decode() for name in sorted(names)] for names in taken)
    for part in query.decode("latin-1").split("&"):
        name = unquote_plus(part.partition("=")[0], errors="replace")
        if name in seen:
            if name in once and name not in often:
                yield ErrorDetail(field=name, message="is there more than once; which one counts?")
        elif name not in once and name not in often and part:
            shown = name[:_LONGEST]
            yield ErrorDetail(field=shown, message=_unknown(shown, sorted(once + often)))
        seen.add(name)


def _unknown(name: str, known: list[str]) -> str:
    if not known:
        return "is not taken here; no parameter is"
    folded = {one.replace("_", ""): one for one in known}
    meant = get_close_matches(name.casefold().replace("_", "").replace("-", ""), folded, 1, 0.7)
    if meant:
        return f"is not taken here; did you mean `{folded[meant[0]]}`?"
    return f"is not taken here; taken are {', '.join(f'`{one}`' for one in known)}"
