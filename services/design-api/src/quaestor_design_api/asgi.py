"""The module that a server loads: `uvicorn quaestor_design_api.asgi:app`."""

from quaestor_design_api.app import create_app
from quaestor_design_api.settings import Settings
from quaestor_shared.telemetry.logging import configure_logging
from quaestor_shared.telemetry.tracing import configure_tracing

__all__ = ["app"]

_settings = Settings.from_env()
configure_logging("design-api", level=_settings.log_level, log_format=_settings.log_format)
configure_tracing("design-api")
app = create_app(_settings)
