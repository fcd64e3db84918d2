"""Features: what artifacts and journals belong to, and what is deleted as one."""

from enum import StrEnum

from quaestor_shared.contracts.base import FeatureId, Reply, Timestamp
from quaestor_shared.contracts.envelopes import Envelope

__all__ = [
    "FeatureEnvelope",
    "FeatureListEnvelope",
    "FeaturePurge",
    "FeaturePurgeEnvelope",
    "FeatureState",
    "FeatureView",
]


class FeatureState(StrEnum):
    """Whether a feature can be seen."""

    LIVE = "live"
    DELETED = "deleted"


class FeatureView(Reply, frozen=True, kw_only=True):
    """A feature. `artifacts` and `journals` count what is not deleted by itself."""

    feature_id: FeatureId
    state: FeatureState
    artifacts: int
    journals: int
    created_at: Timestamp
    updated_at: Timestamp
    deleted_at: Timestamp | None = None


class FeaturePurge(Reply, frozen=True, kw_only=True):
    """What a purge removed for good, counted. The feature's id stays taken."""

    feature_id: FeatureId
    purged_at: Timestamp
    artifacts: int
    versions: int
    approvals: int
    journals: int
    checkpoints: int


class FeatureEnvelope(Envelope, frozen=True, kw_only=True):
    """A feature, enveloped."""

    data: FeatureView


class FeatureListEnvelope(Envelope, frozen=True, kw_only=True):
    """A page of features, by their ids."""

    data: tuple[FeatureView, ...]


class FeaturePurgeEnvelope(Envelope, frozen=True, kw_only=True):
    """A purge of a feature, enveloped."""

    data: FeaturePurge
