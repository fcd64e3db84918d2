"""What a step of the schema is made of."""

from typing import NamedTuple

__all__ = ["Step"]


class Step(NamedTuple):
    """A step: statements that take it, and statements that take it back.

    `up` and `down` run everywhere, the others on one database alone, after `up` and before
    `down`. Taking a step back loses what only the step had a place for, and nothing else.
    """

    name: str
    up: tuple[str, ...]
    down: tuple[str, ...]
    sqlite_up: tuple[str, ...] = ()
    sqlite_down: tuple[str, ...] = ()
    postgresql_up: tuple[str, ...] = ()
    postgresql_down: tuple[str, ...] = ()
