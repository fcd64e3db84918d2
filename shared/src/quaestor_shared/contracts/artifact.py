"""The machine-readable outcome of an interview: `design/backend.json`.

`specs/backend.schema.json` is generated from `Artifact`; fields, enums and nesting are those of
the Backend Designer document that the profile `backend-designer` comes from.
"""

from enum import StrEnum
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, UnsetType

from quaestor_shared.contracts.base import FeatureId

__all__ = [
    "SCHEMA_ID",
    "Apis",
    "Artifact",
    "AuthMethod",
    "Compliance",
    "Entity",
    "ExternalApi",
    "InternalApi",
    "Method",
    "Observability",
    "Process",
    "ProcessType",
    "Scaling",
    "StorageKind",
    "Store",
]


# A name that stays: the `1` goes up only when an artifact that was valid would no longer be.
SCHEMA_ID = "urn:quaestor:specs:backend:1"


class Method(StrEnum):
    """The HTTP methods that an internal API may answer."""

    GET = "GET"
    POST = "POST"
    PUT = "PUT"
    PATCH = "PATCH"
    DELETE = "DELETE"
    HEAD = "HEAD"
    OPTIONS = "OPTIONS"


class AuthMethod(StrEnum):
    """How the backend proves itself to an external API."""

    NONE = "none"
    API_KEY = "api_key"
    OAUTH2 = "oauth2"
    OIDC = "oidc"
    SIGV4 = "sigv4"
    OTHER = "other"


class ProcessType(StrEnum):
    """Whether a caller waits (sync), a queue does (async), or a schedule (batch)."""

    SYNC = "sync"
    ASYNC = "async"
    BATCH = "batch"


class StorageKind(StrEnum):
    """What a store is good at."""

    SQL = "sql"
    NOSQL = "nosql"
    BLOB = "blob"
    CACHE = "cache"
    SEARCH = "search"
    QUEUE = "queue"


class _Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A piece of the artifact; an unknown property is refused everywhere in it."""


class Entity(_Part, frozen=True, kw_only=True):
    """An object or table: its fields, the entities it refers to, how it will grow."""

    name: str
    fields: Annotated[
        tuple[str, ...], Meta(description="Each starts with its name; a type and more may follow.")
    ]
    relationships: Annotated[tuple[str, ...], Meta(description="Names of entities.")]
    expected_growth: str


class InternalApi(_Part, frozen=True, kw_only=True):
    """An API that the backend exposes, with an example payload for each method."""

    name: str
    methods: tuple[Method, ...]
    payload_examples: Annotated[
        dict[str, Any], Meta(description="By method, an example of what is sent or answered.")
    ]
    sla: str


class ExternalApi(_Part, frozen=True, kw_only=True):
    """An API of somebody else that the backend consumes."""

    provider: str
    endpoint: str
    auth_method: AuthMethod
    rate_limits: str | UnsetType = UNSET
    sla: str | UnsetType = UNSET


class Apis(_Part, frozen=True, kw_only=True):
    """What the backend exposes, and what it consumes."""

    internal: tuple[InternalApi, ...]
    external: tuple[ExternalApi, ...]


class Process(_Part, frozen=True, kw_only=True):
    """A job, pipeline or task."""

    name: str
    type: ProcessType
    description: str
    sla: str


class Store(_Part, frozen=True, kw_only=True):
    """A store, by what it is good at and what it is made with."""

    kind: StorageKind
    technology: str
    notes: str | UnsetType = UNSET


class Scaling(_Part, frozen=True, kw_only=True):
    """How the backend grows; `notes` tell of partitioning, sharding and replication."""

    strategy: str
    notes: str | UnsetType = UNSET


class Compliance(_Part, frozen=True, kw_only=True):
    """What must be logged, audited, and kept where."""

    logging: str
    audit: str
    residency: str
    notes: str | UnsetType = UNSET


class Observability(_Part, frozen=True, kw_only=True):
    """What can be seen of the backend while it runs."""

    metrics: tuple[str, ...]
    health_checks: tuple[str, ...]
    traces: tuple[str, ...] | UnsetType = UNSET


class Artifact(_Part, frozen=True, kw_only=True):
    """A backend design that programs can read.

    `assumptions` and `open_questions` are for the people who go on
    from here: implementors, architects, those who own identity.
    """

    feature_id: FeatureId
    version: str
    created_at: Annotated[
        str, Meta(description="RFC 3339.", extra_json_schema={"format": "date-time"})
    ]
    entities: Annotated[tuple[Entity, ...], Meta(min_length=1)]
    apis: Apis
    processes: tuple[Process, ...]
    storage: Annotated[tuple[Store, ...], Meta(min_length=1)]
    scaling: Scaling
    compliance: Compliance
    observability: Observability
    dependencies: tuple[str, ...]
    assumptions: tuple[str, ...]
    open_questions: tuple[str, ...]
