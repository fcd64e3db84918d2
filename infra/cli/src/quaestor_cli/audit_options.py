"""Options that every command of the audit has."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any

import click

__all__ = ["OneOf", "audit_options"]


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
