"""Where a started system answers, and which keys it takes."""

import json
import socket
from pathlib import Path

import click
import pytest
from tests.support.servers import free_port

from quaestor_cli.access import api_key_for, hashes_with, url_of
from quaestor_cli.processes import port_to_use
from quaestor_gateway.domain.keys import KeyRing, hash_of, read_hashes
from quaestor_gateway.key_file import KeyFile


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:80"),
        ("example.org", "http://example.org:80"),
        ("0.0.0.0", "http://127.0.0.1:80"),  # noqa: S104 - shown, not bound
        ("::", "http://[::1]:80"),
        ("::1", "http://[::1]:80"),
    ],
)
def test_an_address_can_be_opened(host: str, url: str) -> None:
    """What is printed can be opened on this machine, whatever is listened on."""
    assert url_of(host, 80) == url


def test_the_first_key_stays(tmp_path: Path) -> None:
    """The first start makes the key that is kept; later ones make keys for the run alone."""
    first, passing = api_key_for(tmp_path)
    assert passing is None
    later, passing = api_key_for(tmp_path)
    assert passing is not None
    assert (passing.text, passing.kept.hash) == (later, hash_of(later))
    kept = KeyRing(KeyFile(tmp_path / "gateway").read())
    assert kept.find(first) is not None
    assert kept.find(later) is None
    assert len(json.loads((tmp_path / "gateway" / "keys.json").read_text())["keys"]) == 1


def test_a_damaged_key_file_is_named(tmp_path: Path) -> None:
    """A key file that cannot be read ends the command with its name."""
    (tmp_path / "gateway").mkdir()
    (tmp_path / "gateway" / "keys.json").write_text("[]")
    with pytest.raises(click.UsageError, match=r"keys\.json cannot be read"):
        api_key_for(tmp_path)


def test_given_hashes_stay(tmp_path: Path) -> None:
    """A passing key is added to the hashes of the environment, not put in their place."""
    api_key_for(tmp_path)
    _, passing = api_key_for(tmp_path)
    assert passing is not None
    given = f"{'0' * 12}:{'a' * 64}"
    both = read_hashes(hashes_with(given, passing))
    assert [key.hash for key in both] == ["a" * 64, passing.kept.hash]
    assert hashes_with(given, None) == given
    assert hashes_with("", None) == ""


def test_a_taken_port_is_named() -> None:
    """A port that cannot be had is a fault of usage; 0 gives one that can."""
    with socket.create_server(("127.0.0.1", 0)) as holder:
        taken = holder.getsockname()[1]
        with pytest.raises(click.UsageError, match=str(taken)):
            port_to_use("127.0.0.1", taken)
    with pytest.raises(click.UsageError, match="nothing can listen"):
        port_to_use("host.invalid", 0)
    assert port_to_use("127.0.0.1", 0) > 0
    free = free_port()
    assert port_to_use("127.0.0.1", free) == free
