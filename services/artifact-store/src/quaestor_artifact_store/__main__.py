"""`python -m quaestor_artifact_store`: serves under the settings of the environment."""

from quaestor_artifact_store.settings import Settings
from quaestor_shared.service.server import run

if __name__ == "__main__":
    settings = Settings.from_env()
    run("quaestor_artifact_store.asgi:app", host=settings.host, port=settings.port)
