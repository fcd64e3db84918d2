"""`quaestor demo`: the main job, whole, on a real example, in four real processes."""

import asyncio
import json
import shutil
import time
from pathlib import Path

import click
from rich.console import Console

from quaestor_cli import exit_codes, show
from quaestor_cli.answers_file import AnswersFile, read_answers
from quaestor_cli.api import connect
from quaestor_cli.interview import replay
from quaestor_cli.outcome_files import write_outcome
from quaestor_cli.supervisor import Running, running
from quaestor_cli.validate import summary
from quaestor_shared.contracts.validation import ValidateRequest
from quaestor_shared.errors import QuaestorError

__all__ = ["demo"]

_EXAMPLE = Path("examples/meal-planner/answers.yaml")


@click.command()
@click.option("--answers", type=click.Path(dir_okay=False, path_type=Path), default=_EXAMPLE,
              show_default=True, help="The interview to run.")  # fmt: skip
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), default=Path(),
              help="Folder to write design/ into.  [default: here]")  # fmt: skip
@click.option("--data-dir", type=click.Path(file_okay=False, path_type=Path),
              default=Path("var/demo"), show_default=True,
              help="The demo's own data; emptied first.")  # fmt: skip
def demo(answers: Path, out: Path, data_dir: Path) -> None:
    """Run a whole interview: start four processes, answer, Finalize, validate, stop.

    Writes design/docs/<feature>.md and design/backend.json.
    """
    script = read_answers(answers)
    console = Console()
    started = time.perf_counter()
    shutil.rmtree(data_dir, ignore_errors=True)
    with running(data_dir, console=console) as system:
        code = asyncio.run(_run(console, system, script, out))
    console.print(f"done in {time.perf_counter() - started:.1f} s, everything stopped", style="dim")
    raise SystemExit(code)


async def _run(console: Console, system: Running, script: AnswersFile, out: Path) -> int:
    async with connect(system.url, system.api_key) as api:
        try:
            session = await api.create(script.feature_id, script.profile)
            console.print(f"session [bold]{session.id}[/] of {session.feature_id}", highlight=False)
            outcome = await replay(console, api, session, script)
            if outcome is None:
                console.print(f"no turn of the file says Finalize: {len(script.turns)} turns taken")
                return exit_codes.FINDINGS
            document, artifact = write_outcome(outcome, out)
            console.rule("outcome", align="left", style="dim")
            show.finished(console, outcome, [str(document), str(artifact)])
            report = await api.validate(
                ValidateRequest(
                    instance=json.loads(artifact.read_bytes()),
                    narrative=document.read_text(encoding="utf-8"),
                )
            )
        except QuaestorError as failure:
            show.error(console, failure)
            return exit_codes.of(failure)
    summary(console, artifact, report)
    return exit_codes.GOOD if report.valid else exit_codes.FINDINGS
