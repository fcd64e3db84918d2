"""What the interview looks like in a terminal."""

from collections.abc import Callable

from rich.console import Console
from rich.panel import Panel
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from quaestor_shared.contracts.draft import Confidence
from quaestor_shared.contracts.errors import ErrorCode, ErrorDetail
from quaestor_shared.contracts.findings import Finding, Severity
from quaestor_shared.contracts.questions import Progress, Question
from quaestor_shared.contracts.sessions import Finalization, TurnReply
from quaestor_shared.errors import QuaestorError

__all__ = [
    "Place",
    "error",
    "findings",
    "finished",
    "place_of",
    "progress",
    "question",
    "refused",
    "turn",
]

Place = Callable[[Finding], str]
_STYLES = {Severity.ERROR: "bold red", Severity.WARN: "yellow", Severity.INFO: "dim"}


def question(console: Console, asked: Question) -> None:
    """Show a question with what helps to answer it."""
    body = Text(asked.text, style="bold")
    if asked.help:
        body.append(f"\n{asked.help}", style="not bold")
    body.append(f"\n\nnotation  {asked.notation}", style="not bold cyan")
    body.append(f"\nexample   {asked.example}", style="not bold green")
    ways = ["skip", *(["unknown"] if asked.can_be_unknown else []), "assume ..."]
    console.print(
        Panel(body, title=asked.number, title_align="left", subtitle=" · ".join(ways), width=100)
    )


def progress(console: Console, state: Progress) -> None:
    """Show how far the interview is."""
    line = Table.grid(padding=(0, 1))
    line.add_row(
        ProgressBar(
            total=max(state.total, 1),
            completed=state.settled,
            width=40,
            complete_style="green",
            finished_style="green",
        ),
        f"{state.settled} of {state.total}",
        Text("ready for Finalize", style="green") if state.ready else "",
    )
    console.print(line)


def turn(console: Console, reply: TurnReply) -> None:
    """Show what a turn did: taken, refused, stale, contradictions, progress."""
    for accepted in reply.accepted:
        line = Text.assemble(("  ✓ ", "green"), f"{accepted.question:8} ")
        if accepted.confidence is not Confidence.STATED:
            line.append(f"({accepted.confidence.value}) ", style="yellow")
        line.append(accepted.text)
        console.print(line, overflow="ellipsis", no_wrap=True)
    for answer in reply.refused:
        detail = ErrorDetail(
            field=answer.question,
            message=answer.reason,
            position=answer.position,
            example=answer.example,
        )
        refused(console, [detail])
    for lost in reply.stale:
        console.print(f"  [yellow]![/] {lost.question:8} ", end="", highlight=False)
        console.print(f"is stale: {lost.reason}", markup=False, highlight=False)
    findings(console, reply.findings)
    progress(console, reply.progress)


def refused(console: Console, details: tuple[ErrorDetail, ...] | list[ErrorDetail]) -> None:
    """Show why answers were not taken, with a right example."""
    for detail in details:
        console.print(f"  [red]✗[/] {detail.field:8} ", end="", highlight=False)
        place = f" (at character {detail.position + 1})" if detail.position is not None else ""
        console.print(f"{detail.message}{place}", markup=False, highlight=False)
        if detail.example:
            console.print(
                f"             for example: {detail.example}", style="green", markup=False
            )


def place_of(finding: Finding) -> str:
    """Write where a finding is in a design: the question that asks for it, else its pointer."""
    return finding.question or finding.pointer or "/"


def findings(console: Console, found: tuple[Finding, ...], place: Place = place_of) -> None:
    """Show findings in a table, each at its place; nothing where there are none."""
    if not found:
        return
    table = Table("severity", "code", "place", "what", box=None, pad_edge=True, header_style="dim")
    for finding in found:
        message = finding.message + (f"\n{finding.fix.description}" if finding.fix else "")
        style = _STYLES[finding.severity]
        table.add_row(
            Text(finding.severity.value, style=style),
            finding.code,
            Text(place(finding)),
            Text(message),
        )
    console.print(table)


def finished(console: Console, outcome: Finalization, places: list[str]) -> None:
    """Show where the files are, and the improvement ideas."""
    table = Table("file", "version", "digest", header_style="dim", box=None)
    for file, place in zip(outcome.files, places, strict=True):
        table.add_row(Text(place, style="bold green"), str(file.version), file.digest[:19] + "…")
    console.print(table)
    if outcome.improvements:
        ideas = Text("\n".join(f"- {idea}" for idea in outcome.improvements))
        console.print(
            Panel(ideas, title="to improve this interview", title_align="left", width=100)
        )


def error(console: Console, failure: QuaestorError) -> None:
    """Show a failure with every detail that it names."""
    console.print(f"[bold red]{failure.code}[/] ", end="")
    console.print(failure.message, markup=False, highlight=False)
    if failure.code == ErrorCode.INTERVIEW_INCOMPLETE:
        for detail in failure.details:  # the questions' examples come when they are asked
            console.print(f"  {detail.field:8} {detail.message}", markup=False, highlight=False)
    else:
        refused(console, list(failure.details))
