"""How an audit is configured: one form for requests, for files beside a design, for the command."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Any

from msgspec import Meta

from quaestor_shared.contracts.base import Reply, Request
from quaestor_shared.contracts.envelopes import Envelope
from quaestor_shared.contracts.findings import Severity

__all__ = [
    "Configuration",
    "Level",
    "Override",
    "Preset",
    "PresetListEnvelope",
    "PresetView",
    "RuleSetting",
    "Sidecar",
    "Suppression",
]


class Preset(StrEnum):
    """A ready choice of rules: what stops anyone, what helps most, or everything."""

    MINIMAL = "minimal"
    RECOMMENDED = "recommended"
    STRICT = "strict"


class Level(StrEnum):
    """A severity, or `off`."""

    OFF = "off"
    INFO = "info"
    WARN = "warn"
    ERROR = "error"


RuleName = Annotated[
    str,
    Meta(
        pattern=r"^[a-z*][a-z0-9/*-]{0,99}\Z",
        description="A rule's code, every rule of a family (`apis/*`), or every rule (`*`).",
        examples=["apis/payload-method"],
    ),
]
PointerPattern = Annotated[
    str,
    Meta(
        pattern=r"^(/([^~/]|~[01])*)*\Z",
        max_length=1_000,
        description="A JSON Pointer (RFC 6901) that means its place and everything below. `*` is "
        "any step or part of one, `**` any number of steps; an item of a list may be named "
        "instead of counted: `/entities/MealPlan`.",
        examples=["/entities/*/relationships"],
    ),
]
FeaturePattern = Annotated[
    str, Meta(max_length=100, description="A feature's id; `*` is any part of it.")
]
Reason = Annotated[
    str,
    Meta(
        pattern=r"\S",
        max_length=200,
        description="Why, in words.",
    ),
]
Fingerprint = Annotated[str, Meta(pattern=r"^[0-9a-f]{20}\Z", description="As a finding has it.")]


class RuleSetting(Request, frozen=True, kw_only=True):
    """What is set about a rule; what is not said stays as it was."""

    severity: Level | None = None
    options: dict[str, Any] = {}


Rules = dict[RuleName, Level | RuleSetting]


class Override(Request, frozen=True, kw_only=True):
    """Other settings for some features, or for some places of a design.

    One that has both holds for these places in these features. Options are a matter of the whole
    design: only an override without pointers may set them.
    """

    features: tuple[FeaturePattern, ...] = ()
    pointers: tuple[PointerPattern, ...] = ()
    rules: Rules


class Suppression(Request, frozen=True, kw_only=True):
    """A finding that is known and accepted, and why. After the day `expires` it is shown again.

    One without such a day holds for good, and a warning says so.
    """

    rule: RuleName
    pointer: PointerPattern = ""
    reason: Reason
    expires: date | None = None


class Sidecar(Request, frozen=True, kw_only=True):
    """What lies beside one design: the findings in it that are accepted or known."""

    suppressions: Annotated[tuple[Suppression, ...], Meta(max_length=1_000)] = ()
    baseline: Annotated[tuple[Fingerprint, ...], Meta(max_length=20_000)] = ()


class Configuration(Sidecar, frozen=True, kw_only=True):
    """Which rules are applied, and what weighs how much.

    It starts from `recommended`, then from what it `extends`, presets or other configurations, the
    later over the earlier; then come `rules`, then `overrides` in their order. Among the names of
    one `rules`, a code goes over its family, and a family over `*`. The findings of `baseline`
    are shown and do not count; a finding of the severity `fail_on`, or above, makes the document
    invalid.
    """

    extends: "Preset | tuple[Preset | Configuration, ...] | None" = None
    rules: Rules = {}
    overrides: Annotated[tuple[Override, ...], Meta(max_length=200)] = ()
    fail_on: Severity | None = None


class PresetView(Reply, frozen=True, kw_only=True):
    """A preset: the level of every rule."""

    name: Preset
    title: str
    rules: dict[str, Level]


class PresetListEnvelope(Envelope, frozen=True, kw_only=True):
    """Every preset, from the least to the most."""

    data: tuple[PresetView, ...]
