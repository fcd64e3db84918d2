"""Findings after the configuration has had its say."""

from typing import NamedTuple

from quaestor_shared.contracts.findings import Severity
from quaestor_validator.domain.found import Found

__all__ = ["Settled"]


class Settled(NamedTuple):
    """What counts, each with its fingerprint; `complete` where no finding was given up on.

    `left_out` is how many errors there are besides, of which no finding was made.
    """

    findings: list[tuple[Found, str]]
    suppressed: int
    fail_on: Severity
    complete: bool = True
    left_out: int = 0
