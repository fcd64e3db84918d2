"""The module that a server loads: `uvicorn quaestor_artifact_store.asgi:app`."""

import gc

from quaestor_artifact_store.app import create_app
from quaestor_artifact_store.settings import Settings
from quaestor_shared.telemetry.logging import configure_logging
from quaestor_shared.telemetry.tracing import configure_tracing

__all__ = ["app"]

_settings = Settings.from_env()
configure_logging("artifact-store", level=_settings.log_level, log_format=_settings.log_format)
configure_tracing("artifact-store")
app = create_app(_settings)
# What is there by now stays. To go through it again at every collection of garbage took one part in
# fifteen of the time of a write.
gc.collect()
gc.freeze()
