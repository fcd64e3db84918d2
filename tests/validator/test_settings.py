"""What can be set, and what happens when it cannot be read."""

from typing import Any

import msgspec
import pytest

from quaestor_validator.settings import Settings


def test_without_variables_the_defaults_hold() -> None:
    """A service starts without any setting."""
    assert Settings.from_env({}) == Settings()
    assert Settings().max_body_bytes == 8 * 1024 * 1024


def test_every_setting_is_read_from_its_variable() -> None:
    """Each field has a variable of its name in capitals."""
    for field in msgspec.structs.fields(Settings):
        usual: Any = {int: 67_108_865, float: 2.5}.get(type(field.default), "debug")
        value = {"port": 1, "workers": 3, "log_format": "json"}.get(field.name, usual)
        given = Settings.from_env({f"{Settings.PREFIX}{field.name.upper()}": str(value)})
        assert getattr(given, field.name) == value != field.default


@pytest.mark.parametrize(("name", "value"), [("PORT", "70000"), ("MAX_BODY_BYTES", "lots")])
def test_a_setting_that_cannot_be_read_stops_the_start(name: str, value: str) -> None:
    """The message names the variable."""
    with pytest.raises(SystemExit, match=f"^{Settings.PREFIX}{name}: "):
        Settings.from_env({f"{Settings.PREFIX}{name}": value})
