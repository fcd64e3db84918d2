"""`quaestor store audit`: whether the chain of changes is still what was written."""

import re

import click

from quaestor_artifact_store.domain.chain import START, Link
from quaestor_artifact_store.offline import check_current, looking_at
from quaestor_artifact_store.repository import audit as repository
from quaestor_artifact_store.repository import changes
from quaestor_artifact_store.settings import Settings
from quaestor_cli import exit_codes
from quaestor_cli.store.options import of_a_store

__all__ = ["audit"]

_HEAD = re.compile(r"([0-9]{1,15}):([0-9a-f]{64})")
_PAGE = 1000


def _read_head(_context: click.Context, _option: click.Parameter, given: str | None) -> Link | None:
    match = _HEAD.fullmatch(given or "")
    if given is not None and match is None:
        raise click.BadParameter("give it as it was told: position, colon, 64 hexadecimal digits")
    return None if match is None else Link(int(match[1]), match[2])


@click.group()
def audit() -> None:
    """Look at the audit: every change, chained by hash."""


@audit.command()
@click.option(
    "--expected-head",
    metavar="POSITION:HASH",
    callback=_read_head,
    help="A head that was told before; it has to be there still.",
)
@of_a_store
def verify(settings: Settings, expected_head: Link | None) -> None:
    """Recompute every hash; the service may go on meanwhile.

    Tells the newest change, for keeping elsewhere. The exit status is 1 where the chain is broken,
    or is not the one that had the expected head.
    """
    check_current(settings)
    with looking_at(settings) as connection:
        last, fault, read = START, None, _PAGE
        while read == _PAGE and fault is None:
            last, fault, read = repository.follow_on(connection, last, _PAGE)
        if fault is None and expected_head is not None:
            fault = repository.other_head(connection, expected_head)
        head = changes.head(connection)
    click.echo(f"{last.position} changes are as they were written")
    click.echo(f"head {head.position}:{head.hash}")
    if fault is not None:
        click.echo(f"broken at {fault.position}: {fault.reason}")
        click.echo(f"  expected {fault.expected}\n  found    {fault.found}")
        raise SystemExit(exit_codes.FINDINGS)
