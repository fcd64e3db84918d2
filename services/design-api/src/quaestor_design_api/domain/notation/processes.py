"""`recalculate_plan: async, nightly recalculation of the plans, sla finish < 2h; send_mail`."""

from quaestor_design_api.domain.notation.scan import NotationError, Piece, split, whole
from quaestor_design_api.domain.notation.words import choice, is_none, keyword, name, phrase
from quaestor_shared.contracts.answers import ProcessAnswer, ProcessesAnswer
from quaestor_shared.contracts.artifact import ProcessType
from quaestor_shared.contracts.items import ProcessItem

__all__ = ["read_process", "read_processes", "write_process", "write_processes"]

_SYNONYMS = {
    "synchronous": ProcessType.SYNC,
    "synchronously": ProcessType.SYNC,
    "request/response": ProcessType.SYNC,
    "asynchronous": ProcessType.ASYNC,
    "asynchronously": ProcessType.ASYNC,
    "queue": ProcessType.ASYNC,
}


def read_processes(text: str) -> ProcessesAnswer:
    """Read the processes, or `none`."""
    piece = whole(text)
    if is_none(piece):
        return ProcessesAnswer(items=())
    items: list[ProcessItem] = []
    for segment in split(piece, ";\n"):
        head, detail = segment.partition(":")
        if detail is None:
            items += [ProcessItem(name=name(n, "process")) for n in split(segment, ",")]
        else:
            items.append(_item(head, detail))
    if not items:
        raise NotationError("name the processes, or say none", 0)
    return ProcessesAnswer(items=tuple(items))


def read_process(text: str) -> ProcessAnswer:
    """Read how a process runs."""
    return ProcessAnswer(mode=choice(whole(text), ProcessType, "way to run", _SYNONYMS))


def write_processes(answer: ProcessesAnswer) -> str:
    """Write the processes in their notation."""
    if not answer.items:
        return "none"
    return "; ".join(_write(item) for item in answer.items)


def write_process(answer: ProcessAnswer) -> str:
    """Write how a process runs."""
    return answer.mode.value


def _item(head: Piece, detail: Piece) -> ProcessItem:
    mode: ProcessType | None = None
    parts: dict[str, Piece] = {}
    current = "description"
    for part in split(detail, ","):
        if mode is None and part.text.lower() in (*ProcessType, *_SYNONYMS):
            mode = choice(part, ProcessType, "way to run", _SYNONYMS)
        elif (after := keyword(part, ["sla"])) is not None:
            parts["sla"], current = after, "sla"
        elif current in parts:
            before = parts[current]
            parts[current] = Piece(f"{before.text}, {part.text}", before.at)
        else:
            parts[current] = part
    return ProcessItem(
        name=name(head, "process"),
        description=phrase(parts["description"], "description") if "description" in parts else None,
        mode=mode,
        sla=phrase(parts["sla"], "service level") if "sla" in parts else None,
    )


def _write(item: ProcessItem) -> str:
    parts = [
        item.mode.value if item.mode is not None else None,
        item.description,
        f"sla {item.sla}" if item.sla is not None else None,
    ]
    detail = ", ".join(part for part in parts if part is not None)
    return f"{item.name}: {detail}" if detail else item.name
