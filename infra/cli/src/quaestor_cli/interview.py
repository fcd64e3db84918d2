"""`quaestor interview`: in a terminal, or from a file."""

import asyncio
from pathlib import Path

import click
from rich.console import Console

from quaestor_cli import exit_codes, show
from quaestor_cli.answers_file import AnswersFile, read_answers
from quaestor_cli.api import Api, connect
from quaestor_cli.outcome_files import write_outcome
from quaestor_shared.contracts.errors import ErrorCode
from quaestor_shared.contracts.questions import Question
from quaestor_shared.contracts.sessions import Finalization, SessionView
from quaestor_shared.errors import QuaestorError

__all__ = ["interview", "replay"]

_LEAVE = {"quit", "exit", ":q"}


@click.command()
@click.option("--url", envvar="QUAESTOR_URL", default="http://127.0.0.1:8000", show_default=True,
              help="Where the gateway answers.")  # fmt: skip
@click.option("--api-key", envvar="QUAESTOR_API_KEY", required=True, help="Your API key.")
@click.option("--feature", "feature_id", help="The feature to interview, such as meal-planner-v1.")
@click.option("--session", "session_id", help="Go on with a session instead of starting one.")
@click.option("--answers", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="Replay the turns of a YAML file.")  # fmt: skip
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), default=Path(),
              help="Folder to write design/ into.  [default: here]")  # fmt: skip
def interview(
    url: str,
    api_key: str,
    feature_id: str | None,
    session_id: str | None,
    answers: Path | None,
    out: Path,
) -> None:
    """Run an interview about a feature's backend, and write its two files.

    Answer in the notation that each question shows. `1.2.1: ...` answers or changes any
    question, `skip`, `unknown` and `assume ...` mean what they say, `?` lists what is open,
    `Finalize` ends, `quit` leaves: the session can be taken up again with --session.
    """
    if answers is None and not (feature_id or session_id):
        raise click.UsageError("name a --feature, a --session, or a file of --answers")
    console = Console()
    code = asyncio.run(_run(console, url, api_key, feature_id, session_id, answers, out))
    raise SystemExit(code)


async def _run(
    console: Console,
    url: str,
    api_key: str,
    feature_id: str | None,
    session_id: str | None,
    answers: Path | None,
    out: Path,
) -> int:
    script = read_answers(answers) if answers is not None else None
    async with connect(url, api_key) as api:
        try:
            session = await _open(api, feature_id, session_id, script)
            console.print(f"session [bold]{session.id}[/] of {session.feature_id}", highlight=False)
            if script is not None:
                outcome = await replay(console, api, session, script)
            else:
                outcome = await _ask(console, api, session)
        except QuaestorError as failure:
            show.error(console, failure)
            return exit_codes.of(failure)
    if outcome is None:
        return exit_codes.FINDINGS if script is not None else exit_codes.GOOD
    places = write_outcome(outcome, out)
    show.finished(console, outcome, [str(place) for place in places])
    return exit_codes.GOOD


async def _open(
    api: Api, feature_id: str | None, session_id: str | None, script: AnswersFile | None
) -> SessionView:
    """Start the session, or take up the one that is named or that the feature has."""
    if session_id is not None:
        return await api.session(session_id)
    feature = feature_id or (script.feature_id if script is not None else "")
    try:
        return await api.create(
            feature, script.profile if script is not None else "backend-designer"
        )
    except QuaestorError as failure:
        existing = failure.meta.get("existing_id")
        if failure.code != ErrorCode.CONFLICT or not isinstance(existing, str):
            raise
        return await api.session(existing)


async def replay(
    console: Console, api: Api, session: SessionView, script: AnswersFile
) -> Finalization | None:
    """Send the turns of a file one by one; give the outcome if one of them says Finalize."""
    outcome: Finalization | None = None
    for number, text in enumerate(script.turns, start=1):
        console.rule(f"turn {number} of {len(script.turns)}", align="left", style="dim")
        reply = await api.turn(session.id, text)
        show.turn(console, reply)
        outcome = reply.finalization or outcome
    return outcome


async def _ask(console: Console, api: Api, session: SessionView) -> Finalization | None:
    """Ask question by question until Finalize or quit."""
    questions: tuple[Question, ...] = session.questions
    show.progress(console, session.progress)
    while True:
        if questions:
            show.question(console, questions[0])
        else:
            console.print("Every question is answered: say [bold]Finalize[/], or change an answer.")
        text = await asyncio.to_thread(_prompt)
        if text is None or text.lower() in _LEAVE:
            console.print(f"To go on: quaestor interview --session {session.id}", highlight=False)
            return None
        if text in ("", "?"):
            for asked in questions:
                console.print(f"  {asked.number:8} {asked.text}", markup=False, highlight=False)
            continue
        try:
            reply = await api.turn(session.id, text)
        except QuaestorError as failure:
            if exit_codes.of(failure) == exit_codes.UNREACHABLE:
                raise
            show.error(console, failure)
            continue
        show.turn(console, reply)
        questions = reply.questions
        if reply.finalization is not None:
            return reply.finalization


def _prompt() -> str | None:
    try:
        return input("> ").strip()
    except (EOFError, KeyboardInterrupt):
        return None
