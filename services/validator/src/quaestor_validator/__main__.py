"""`python -m quaestor_validator`: serves under the settings of the environment."""

from quaestor_shared.service.server import run
from quaestor_validator.settings import Settings

if __name__ == "__main__":
    settings = Settings.from_env()
    run("quaestor_validator.asgi:app", host=settings.host, port=settings.port)
