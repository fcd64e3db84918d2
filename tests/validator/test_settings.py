"""What can be set, and what happens when it cannot be read."""

import msgspec
import pytest

from quaestor_validator.settings import PREFIX, Settings


def test_without_variables_the_defaults_hold() -> None:
    """A service starts without any setting."""
    assert Settings.from_env({}) == Settings()
    assert Settings().max_body_bytes == 8 * 1024 * 1024


def test_every_setting_is_read_from_its_variable() -> None:
    """Each field has a variable of its name in capitals."""
    given = {"HOST": "::1", "PORT": "0", "MAX_BODY_BYTES": "4096", "LOG_LEVEL": "debug"}
    environ = {f"{PREFIX}{name}": value for name, value in {**given, "LOG_FORMAT": "json"}.items()}
    assert Settings.from_env(environ) == Settings(
        host="::1", port=0, max_body_bytes=4096, log_level="debug", log_format="json"
    )
    assert len(environ) == len(msgspec.structs.fields(Settings))


@pytest.mark.parametrize(("name", "value"), [("PORT", "70000"), ("MAX_BODY_BYTES", "lots")])
def test_a_setting_that_cannot_be_read_stops_the_start(name: str, value: str) -> None:
    """The message names the variable."""
    with pytest.raises(SystemExit, match=f"^{PREFIX}{name}: "):
        Settings.from_env({f"{PREFIX}{name}": value})
