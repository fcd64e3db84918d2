"""A request that may have come before: with a key, artifact-store knows whether it did.

design-api keeps nothing, so it asks the store, whose writes are done once under the same key, and
makes the reply anew from the events that were written then: the same events give the same reply.
"""

import hashlib

from quaestor_shared.service.idempotency import Keyed

__all__ = ["Attempt"]


class Attempt:
    """One try at a request. `replayed` says that what it asked for was found done."""

    def __init__(self, keyed: Keyed | None = None, *, method: str = "", route: str = "") -> None:
        """Take the key a client sent, which is one within the method and the route."""
        self.replayed = False
        self._keyed = keyed
        self._place = f"{method} {route}"

    @property
    def keyed(self) -> Keyed | None:
        """The key for the store, which does not know our routes: it has ours in it."""
        if self._keyed is None:
            return None
        digest = hashlib.sha256(f"{self._place}\n{self._keyed.key}".encode()).hexdigest()
        return Keyed(digest, self._keyed.fingerprint)
