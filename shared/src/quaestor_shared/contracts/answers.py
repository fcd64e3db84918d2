"""What can be answered to a question: one tagged union, written `{"type": ..., ...}` in JSON.

The answer to a list question (`entities`, `external_apis`, ...) names the items, and may already
tell of their parts; what it does not tell, the numbered questions of each item ask for. The
answer to an item's question is the same item without its name. `None` means "not said here".
"""

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from quaestor_shared.contracts.artifact import AuthMethod, Method, ProcessType
from quaestor_shared.contracts.items import (
    EntityItem,
    ExternalApiItem,
    FieldSpec,
    InternalApiItem,
    Items,
    Name,
    Phrase,
    ProcessItem,
    StoreItem,
)

__all__ = [
    "ANSWERS_ID",
    "Answer",
    "AuditAnswer",
    "EntitiesAnswer",
    "EntityAnswer",
    "ExpectationsAnswer",
    "ExternalApiAnswer",
    "ExternalApisAnswer",
    "HandoffAnswer",
    "InternalApiAnswer",
    "InternalApisAnswer",
    "ListAnswer",
    "ObservabilityAnswer",
    "ProcessAnswer",
    "ProcessesAnswer",
    "ResidencyAnswer",
    "SkipAnswer",
    "StoreAnswer",
    "StoresAnswer",
    "TextAnswer",
    "UnknownAnswer",
]


ANSWERS_ID = "urn:quaestor:specs:answers:1"


class _Answer(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="type"
):
    """The base of every answer."""


class EntitiesAnswer(_Answer, frozen=True, kw_only=True, tag="entities"):
    """Which entities there are: `UserProfile: id uuid pk, email text -> MealPlan; MealPlan`."""

    items: Annotated[tuple[EntityItem, ...], Meta(min_length=1, max_length=200)]


class EntityAnswer(_Answer, frozen=True, kw_only=True, tag="entity"):
    """One entity's shape: `id uuid pk, email text unique -> MealPlan`."""

    fields: Annotated[tuple[FieldSpec, ...], Meta(min_length=1, max_length=500)]
    relationships: Annotated[tuple[Name, ...], Items] = ()
    expected_growth: Phrase | None = None


class ExternalApisAnswer(_Answer, frozen=True, kw_only=True, tag="external_apis"):
    """Which external APIs are consumed: `Spoonacular; Stripe`, or `none`."""

    items: Annotated[tuple[ExternalApiItem, ...], Items]


class ExternalApiAnswer(_Answer, frozen=True, kw_only=True, tag="external_api"):
    """One external API: `https://api.example.com, auth api_key, limit 50/min, sla 99.5% uptime`."""

    endpoint: Phrase
    auth_method: AuthMethod
    rate_limits: Phrase | None = None
    sla: Phrase | None = None


class InternalApisAnswer(_Answer, frozen=True, kw_only=True, tag="internal_apis"):
    """Which APIs are exposed: `MealPlanAPI: GET, POST; UserPrefsAPI`, or `none`."""

    items: Annotated[tuple[InternalApiItem, ...], Items]


class InternalApiAnswer(_Answer, frozen=True, kw_only=True, tag="internal_api"):
    """What one exposed API answers: `GET, POST {"meals": ["id1"]}, DELETE`."""

    methods: Annotated[tuple[Method, ...], Meta(min_length=1, max_length=7)]
    payload_examples: dict[Method, Any] | None = None
    sla: Phrase | None = None


class ExpectationsAnswer(_Answer, frozen=True, kw_only=True, tag="expectations"):
    """How fast, and with what payloads: `p95 < 200ms, POST {"meals": ["id1"]}`."""

    sla: Phrase
    payload_examples: dict[Method, Any] | None = None


class ProcessesAnswer(_Answer, frozen=True, kw_only=True, tag="processes"):
    """Which processes there are: `recalculate_plan: nightly batch, ...; send_mail`, or `none`."""

    items: Annotated[tuple[ProcessItem, ...], Items]


class ProcessAnswer(_Answer, frozen=True, kw_only=True, tag="process"):
    """Whether one process is `sync`, `async` or `batch`."""

    mode: ProcessType


class StoresAnswer(_Answer, frozen=True, kw_only=True, tag="stores"):
    """Which stores there are: `sql PostgreSQL (primary datastore), cache Redis, blob`."""

    items: Annotated[tuple[StoreItem, ...], Meta(min_length=1, max_length=50)]


class StoreAnswer(_Answer, frozen=True, kw_only=True, tag="store"):
    """One store: `PostgreSQL (primary datastore)`."""

    technology: Name
    notes: Phrase | None = None


class AuditAnswer(_Answer, frozen=True, kw_only=True, tag="audit"):
    """Logging and audit: `logging audit log; audit ISO27001`."""

    logging: Phrase
    audit: Phrase


class ObservabilityAnswer(_Answer, frozen=True, kw_only=True, tag="observability"):
    """What is watched: `metrics req/sec, latency; health liveness; traces OpenTelemetry`."""

    metrics: Annotated[tuple[Phrase, ...], Items]
    health_checks: Annotated[tuple[Phrase, ...], Items]
    traces: Annotated[tuple[Phrase, ...], Items] | None = None


class ResidencyAnswer(_Answer, frozen=True, kw_only=True, tag="residency"):
    """Where data must stay: `EU; notes GDPR applies`."""

    residency: Phrase
    notes: Phrase | None = None


class HandoffAnswer(_Answer, frozen=True, kw_only=True, tag="handoff"):
    """What the design leans on: `identity.json, research.json; assumes US-only rollout`."""

    dependencies: Annotated[tuple[Phrase, ...], Items]
    assumptions: Annotated[tuple[Phrase, ...], Items] = ()


class ListAnswer(_Answer, frozen=True, kw_only=True, tag="list"):
    """Short texts, parted by semicolons; `none` for no item."""

    items: Annotated[tuple[Phrase, ...], Items]


class TextAnswer(_Answer, frozen=True, kw_only=True, tag="text"):
    """One line of text."""

    text: Phrase


class SkipAnswer(_Answer, frozen=True, kw_only=True, tag="skip"):
    """Set the question aside; an optional one is settled by it, a required one comes back."""


class UnknownAnswer(_Answer, frozen=True, kw_only=True, tag="unknown"):
    """Nobody knows yet: the question goes on as an open question of the design."""


Answer = (
    EntitiesAnswer
    | EntityAnswer
    | ExternalApisAnswer
    | ExternalApiAnswer
    | InternalApisAnswer
    | InternalApiAnswer
    | ExpectationsAnswer
    | ProcessesAnswer
    | ProcessAnswer
    | StoresAnswer
    | StoreAnswer
    | AuditAnswer
    | ObservabilityAnswer
    | ResidencyAnswer
    | HandoffAnswer
    | ListAnswer
    | TextAnswer
    | SkipAnswer
    | UnknownAnswer
)
