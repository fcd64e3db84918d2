"""Options that every command of the audit has."""

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import Any

import click
from rich.console import Console

from quaestor_cli import exit_codes, show
from quaestor_shared.errors import QuaestorError

__all__ = ["OneOf", "audit_options", "refusals_shown"]


class OneOf(click.Choice[str]):
    """One member of an enumeration, by its value."""

    def __init__(self, kind: type[StrEnum]) -> None:
        super().__init__([member.value for member in kind])
        self._kind = kind

    def convert(
        self,
        value: Any,  # noqa: ANN401 - click's signature
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> Any:  # noqa: ANN401 - click's signature
        """Give the member."""
        return self._kind(super().convert(value, param, ctx))


def audit_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add where to audit: in this process, or behind a gateway."""
    key = click.option("--api-key", envvar="QUAESTOR_API_KEY", help="Your API key.")
    url = click.option(
        "--url", envvar="QUAESTOR_URL", help="A gateway to ask; without one, audit here."
    )
    return url(key(command))


def refusals_shown(command: Callable[..., None]) -> Callable[..., None]:
    """Let a command end with what was refused, on standard error, and the status that it means."""

    @wraps(command)
    def shown(*args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - the command's own
        try:
            command(*args, **kwargs)
        except QuaestorError as failure:
            show.error(Console(stderr=True, soft_wrap=True), failure)
            raise SystemExit(exit_codes.of(failure)) from failure

    return shown
