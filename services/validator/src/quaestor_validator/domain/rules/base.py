"""What a rule is, what can be set about it, and what it says when it is broken."""

from collections.abc import Callable, Iterable
from typing import Any

import msgspec

from quaestor_shared.contracts.findings import PatchOperation, Severity
from quaestor_shared.pointers import Path
from quaestor_validator.domain.rules.design import Design

__all__ = ["Issue", "NoOptions", "Options", "Rule"]


class Options(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What can be set about a rule: a subclass for each, every field with its default."""


class NoOptions(Options, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Of a rule about which nothing can be set but its severity."""


class Issue(msgspec.Struct, frozen=True, kw_only=True):
    """One breach of a rule; `path` leads to it from the artifact's root.

    `key` means the member's name at that path rather than its value. `patch` mends the breach
    where one change is the obvious one; `safe` says that it cannot change what the design means.
    `related` are other places that have a part in it, each with its own words.
    """

    path: Path
    message: str
    expected: str | None = None
    actual: str | None = None
    fix: str | None = None
    did_you_mean: str | None = None
    patch: tuple[PatchOperation, ...] = ()
    safe: bool = False
    related: tuple[tuple[Path, str], ...] = ()
    key: bool = False


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """A rule with a stable code; `check` is pure and gives the breaches.

    `check` takes the design and options of the type that `options`, the defaults, has. `needs`
    is what a design must have for there to be a breach at all, whatever the options: where it is
    false, the rule is passed over.
    """

    code: str
    severity: Severity
    title: str
    check: Callable[[Design, Any], Iterable[Issue]]
    options: Options = NoOptions()
    needs: Callable[[Design], Any] = bool
