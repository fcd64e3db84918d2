"""`quaestor serve`: the system, until it is ended."""

import os
import signal
import threading
from pathlib import Path
from types import FrameType
from typing import NoReturn

import click
from rich.console import Console

from quaestor_cli.access import api_key_for, hashes_with, url_of
from quaestor_cli.supervisor import running
from quaestor_shared.asgi_types import Message, Receive, Scope, Send

__all__ = ["serve"]


@click.command()
@click.option("--processes", is_flag=True, help="Four real processes instead of one.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address of the gateway.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535),
              help="Port of the gateway; 0 takes a free one.")  # fmt: skip
@click.option("--data-dir", type=click.Path(file_okay=False, path_type=Path), default=Path("var"),
              show_default=True, help="Folder of database, blobs, keys and logs.")  # fmt: skip
def serve(*, processes: bool, host: str, port: int, data_dir: Path) -> None:
    """Serve gateway, design-api, validator and artifact-store until Ctrl-C.

    One process by default: the same services, calling each other without a network. With
    --processes each is a process of its own and is started again when it dies.
    """
    console = Console()
    signal.signal(signal.SIGTERM, _interrupt)
    if processes:
        try:
            with running(data_dir, host=host, port=port, console=console) as system:
                _greet(console, system.url, system.api_key, key_passes=system.key_passes)
                threading.Event().wait()
        except KeyboardInterrupt:
            console.print("stopped")
        return
    _serve_embedded(console, host, port, data_dir)


def _serve_embedded(console: Console, host: str, port: int, data_dir: Path) -> None:
    from quaestor_cli.embedded import create_embedded_app
    from quaestor_cli.processes import listen
    from quaestor_shared.service.server import run
    from quaestor_shared.telemetry.logging import configure_logging
    from quaestor_shared.telemetry.tracing import configure_tracing

    configure_logging("quaestor")
    configure_tracing("quaestor")
    with listen(host, port) as listening:
        url = url_of(host, listening.getsockname()[1])
        key, passing = api_key_for(data_dir)
        hashes = hashes_with(os.environ.get("QUAESTOR_GATEWAY_KEY_HASHES", ""), passing)
        try:
            app = create_embedded_app(data_dir=str(data_dir), key_hashes=hashes)
        except SystemExit as error:  # names the setting that cannot be read
            raise click.UsageError(str(error)) from error

        async def greeting(scope: Scope, receive: Receive, send: Send) -> None:
            async def told(message: Message) -> None:
                await send(message)
                if message["type"] == "lifespan.startup.complete":
                    _greet(console, url, key, key_passes=passing is not None)

            await app(scope, receive, told if scope["type"] == "lifespan" else send)

        run(greeting, host=host, port=port, listening=listening)


def _greet(console: Console, url: str, key: str, *, key_passes: bool) -> None:
    """Show where to go, and three lines that work when pasted."""
    lasting = (
        "good until this stops" if key_passes else "shown this once, and it stays good: keep it"
    )
    for line in (
        f"\nQuaestor answers at [bold]{url}[/]  (docs: {url}/docs)",
        f"API key: [bold]{key}[/]",
        f"         ({lasting})\n",
    ):
        console.print(line, highlight=False, soft_wrap=True)
    head = f"curl -s -H 'Authorization: Bearer {key}'"
    json = "-H 'Content-Type: application/json'"
    turn = '{"text": "1.1: UserProfile, MealPlan"}'
    start = f'{head} {json} -d \'{{"feature_id": "my-feature"}}\' {url}/v1/sessions'
    find = """sed -E 's/.*"(id|existing_id)":"([0-9a-f-]{36})".*/\\2/'"""
    for line in (
        f"SESSION=$({start} | {find})",
        f"{head} {json} -d '{turn}' {url}/v1/sessions/$SESSION/turns",
        f"{head} {url}/v1/sessions/$SESSION",
    ):
        click.echo(line)
    click.echo("")


def _interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt
