"""Where a system that was started answers, and a key that it takes."""

from pathlib import Path

import click

from quaestor_gateway.domain.keys import NewKey
from quaestor_gateway.key_file import KeyFile, new_key

__all__ = ["api_key_for", "hashes_with", "url_of"]


def api_key_for(data_dir: Path) -> tuple[str, NewKey | None]:
    """Give a key for this run: the permanent one at the very first start, else a passing one.

    A passing key comes with its hash, which the gateway is to be given for this run alone.
    Raises UsageError for a key file that cannot be read.
    """
    file = KeyFile(data_dir / "gateway")
    try:
        kept = file.read()
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    if not kept:
        return file.add("first"), None
    passing = new_key("this-run")
    return passing.text, passing


def hashes_with(given: str, passing: NewKey | None) -> str:
    """Give the setting `key_hashes` with a passing key's hash added to it."""
    added = [f"{passing.kept.id}:{passing.kept.hash}"] if passing is not None else []
    return ",".join([*filter(None, [given]), *added])


def url_of(host: str, port: int) -> str:
    """Give the address that a person on this machine opens."""
    shown = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - shown, not bound
    return f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"
