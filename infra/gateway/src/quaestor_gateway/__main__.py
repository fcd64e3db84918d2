"""`python -m quaestor_gateway`: serves under the settings of the environment."""

from quaestor_gateway.settings import Settings
from quaestor_shared.service.server import run

if __name__ == "__main__":
    settings = Settings.from_env()
    run("quaestor_gateway.asgi:app", host=settings.host, port=settings.port)
