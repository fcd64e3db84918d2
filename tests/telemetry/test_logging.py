"""Log lines: JSON when not a terminal, with a correlation id, without bodies or secrets."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from quaestor_shared.telemetry import context
from quaestor_shared.telemetry.logging import configure_logging, get_logger


@pytest.fixture(autouse=True)
def _as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    level, handlers = root.level, root.handlers[:]
    yield
    structlog.reset_defaults()
    root.handlers[:] = handlers
    root.setLevel(level)


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """Read what was logged."""
    captured = capsys.readouterr()
    assert captured.out == ""
    return [json.loads(line) for line in captured.err.splitlines()]


def test_a_line_is_json_when_standard_error_is_no_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A line is one JSON object with event, level, service, module and an RFC 3339 time."""
    configure_logging("validator")
    get_logger("some.module").info("checked", findings=3)
    (line,) = lines(capsys)
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "checked",
        "findings": 3,
        "level": "info",
        "module": "some.module",
        "service": "validator",
    }


def test_the_correlation_id_of_the_request_is_in_the_line(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A line that is written during a request bears its correlation id and its service."""
    configure_logging("all")
    with_id = context.correlation_id.set("0123456789abcdef")
    in_service = context.service_name.set("gateway")
    get_logger("m").info("x")
    context.correlation_id.reset(with_id)
    context.service_name.reset(in_service)
    get_logger("m").info("y")
    inside, outside = lines(capsys)
    assert (inside["correlation_id"], inside["service"]) == ("0123456789abcdef", "gateway")
    assert "correlation_id" not in outside
    assert outside["service"] == "all"


def test_a_logger_made_before_logging_is_configured_follows_each_configuration(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A module's logger obeys a level that is set after its first line."""
    logger = get_logger("early")
    configure_logging("a", level="info")
    logger.debug("hidden")
    logger.info("first")
    configure_logging("b", level="debug")
    logger.debug("second")
    assert [(line["event"], line["service"]) for line in lines(capsys)] == [
        ("first", "a"),
        ("second", "b"),
    ]


def test_a_line_goes_to_what_standard_error_is_now(monkeypatch: pytest.MonkeyPatch) -> None:
    """A standard error that was replaced after configuring is the one that gets the line."""
    configure_logging("x", log_format="json")
    later = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
    monkeypatch.setattr("sys.stderr", later)
    get_logger("m").info("here")
    later.seek(0)
    assert json.loads(later.read())["event"] == "here"
    monkeypatch.undo()
    later.close()


@pytest.mark.parametrize("name", ["api_key", "authorization", "body", "password", "token"])
def test_a_field_with_a_secrets_name_is_masked(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A value under a name that tells a secret is not written."""
    configure_logging("x")
    get_logger("m").info("x", **{name: "hunter2"})
    (line,) = lines(capsys)
    assert line[name] == "[redacted]"


@pytest.mark.parametrize(
    "text",
    [
        "sent Authorization: Bearer hunter2",
        "sent 'x-api-key': 'hunter2'",
        "bearer hunter2",
        "password=hunter2",
        "cannot reach postgresql://quaestor:hunter2@db/quaestor",
    ],
)
def test_a_secret_inside_a_text_is_masked(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What looks like a secret in a message or an exception is not written."""
    configure_logging("x")
    get_logger("m").info(text)
    get_logger("m").error("failed", exc_info=ValueError(text))
    first, second = lines(capsys)
    assert "[redacted]" in first["event"]
    assert "hunter2" not in json.dumps(first)
    assert "ValueError" in second["exception"]
    assert "[redacted]" in second["exception"].splitlines()[-1]


def test_a_traceback_on_a_terminal_shows_no_locals(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The console form of an exception has its frames, and no value of a local variable."""
    configure_logging("x", log_format="console")

    def fail(request: str) -> None:
        raise RuntimeError(str(len(request)))

    try:
        fail("".join(["hun", "ter2"]))
    except RuntimeError as error:
        get_logger("m").error("failed", exc_info=error)
    written = capsys.readouterr().err
    assert "RuntimeError: 7" in written
    assert "hunter2" not in written


def test_the_libraries_own_loggers_join_in_from_warnings_on(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A library's warning becomes a line of ours, and its info does not."""
    configure_logging("x")
    logging.getLogger("aiohttp.client").info("hidden")
    logging.getLogger("aiohttp.client").warning("slow %s", "peer")
    (line,) = lines(capsys)
    assert (line["event"], line["level"], line["module"]) == (
        "slow peer",
        "warning",
        "aiohttp.client",
    )
