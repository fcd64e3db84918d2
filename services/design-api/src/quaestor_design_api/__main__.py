"""`python -m quaestor_design_api`: serves under the settings of the environment."""

from quaestor_design_api.settings import Settings
from quaestor_shared.service.server import run

if __name__ == "__main__":
    settings = Settings.from_env()
    run("quaestor_design_api.asgi:app", host=settings.host, port=settings.port)
