"""Addresses that no service takes, whatever its routes are."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from litestar import Request

from quaestor_shared.contracts.errors import ErrorDetail
from quaestor_shared.errors import InvalidInput, NotFound
from quaestor_shared.service.queries import check_query

__all__ = ["check_address", "refuse_address"]


async def check_address(request: Request[Any, Any, Any]) -> None:
    """Refuse an address, as a hook of Litestar.

    Asynchronous though it waits for nothing: Litestar sends plain functions to a thread, at every
    request. Raises as `refuse_address`.
    """
    refuse_address(request.scope)


def refuse_address(scope: Mapping[str, Any]) -> None:
    """Refuse an address with NUL in it, or with parameters that its route does not take.

    Raises NotFound, or InvalidInput for the parameters. The scope is as the router leaves it.
    """
    _refuse_nul(scope["path"], scope["query_string"])
    check_query(scope)


def _refuse_nul(path: str, query: bytes) -> None:
    """Refuse the character NUL, which databases keep or refuse, each as it likes.

    Raises NotFound for one in the path, InvalidInput for one in a parameter.
    """
    if "\0" in path:
        raise NotFound("There is nothing at this address.")
    if b"%00" not in query and b"\0" not in query:
        return
    raise InvalidInput(
        "A parameter has the character NUL.",
        details=[
            ErrorDetail(field=name.replace("\0", "\ufffd"), message="has the character NUL")
            for name, value in parse_qsl(query.decode("latin-1"), keep_blank_values=True)
            if "\0" in name + value
        ],
    )
