"""Settings come from variables whose names are the fields' in capitals."""

from typing import Annotated, Literal

import msgspec
import pytest
from msgspec import Meta

from quaestor_shared.service.settings import read_settings


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Some settings."""

    host: str = "127.0.0.1"
    port: Annotated[int, Meta(ge=0, le=65535)] = 80
    wait_s: float = 1.5
    quiet: bool = False
    colour: Literal["red", "blue"] = "red"
    secret: str | None = None


def test_what_is_not_set_keeps_its_default() -> None:
    """No variable is needed."""
    assert read_settings(Settings, {}, "X_") == Settings()


def test_texts_become_the_types_of_the_fields() -> None:
    """Numbers, truth values and choices are read from text."""
    environ = {"X_PORT": "8080", "X_WAIT_S": "0.25", "X_QUIET": "true", "X_COLOUR": "blue"}
    expected = Settings(port=8080, wait_s=0.25, quiet=True, colour="blue")
    assert read_settings(Settings, environ, "X_") == expected


def test_other_variables_are_none_of_its_business() -> None:
    """Only its own prefix, only its own fields."""
    environ = {"PORT": "1", "Y_PORT": "2", "X_PORTS": "3", "x_port": "4"}
    assert read_settings(Settings, environ, "X_") == Settings()


@pytest.mark.parametrize(
    ("name", "value"), [("PORT", "a"), ("PORT", "-1"), ("QUIET", "maybe"), ("COLOUR", "green")]
)
def test_a_variable_that_cannot_be_read_is_named(name: str, value: str) -> None:
    """The service does not start on a guess."""
    with pytest.raises(SystemExit, match=f"^X_{name}: "):
        read_settings(Settings, {f"X_{name}": value}, "X_")
