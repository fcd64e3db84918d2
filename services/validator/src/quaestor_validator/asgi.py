"""The module that a server loads: `uvicorn quaestor_validator.asgi:app`."""

from quaestor_shared.telemetry.logging import configure_logging
from quaestor_shared.telemetry.tracing import configure_tracing
from quaestor_validator.app import create_app
from quaestor_validator.settings import Settings

__all__ = ["app"]

_settings = Settings.from_env()
configure_logging("validator", level=_settings.log_level, log_format=_settings.log_format)
configure_tracing("validator")
app = create_app(_settings)
