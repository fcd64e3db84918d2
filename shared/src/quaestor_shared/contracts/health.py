"""Whether a service lives, and whether it can work."""

from typing import Literal

from quaestor_shared.contracts.base import Reply
from quaestor_shared.contracts.envelopes import Envelope

__all__ = ["Health", "HealthEnvelope"]


class Health(Reply, frozen=True, kw_only=True):
    """`checks` has one entry for each thing the service needs: `ok`, or what is wrong."""

    status: Literal["ok", "unavailable"]
    service: str
    version: str
    checks: dict[str, str]


class HealthEnvelope(Envelope, frozen=True, kw_only=True):
    """A health report, enveloped."""

    data: Health
