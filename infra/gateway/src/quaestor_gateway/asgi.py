"""The module that a server loads: `uvicorn quaestor_gateway.asgi:app`."""

from quaestor_gateway.app import create_app
from quaestor_gateway.settings import Settings
from quaestor_shared.telemetry.logging import configure_logging
from quaestor_shared.telemetry.tracing import configure_tracing

__all__ = ["app"]

_settings = Settings.from_env()
configure_logging("gateway", level=_settings.log_level, log_format=_settings.log_format)
configure_tracing("gateway")
app = create_app(_settings)
