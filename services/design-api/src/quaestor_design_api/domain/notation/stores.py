"""`sql PostgreSQL (primary datastore), cache Redis, blob`."""

from quaestor_design_api.domain.notation.scan import NotationError, Piece, split, whole
from quaestor_design_api.domain.notation.words import choice, name, phrase
from quaestor_shared.contracts.answers import StoreAnswer, StoresAnswer
from quaestor_shared.contracts.artifact import StorageKind
from quaestor_shared.contracts.items import StoreItem

__all__ = ["read_store", "read_stores", "write_store", "write_stores"]

_SYNONYMS = {
    "relational": StorageKind.SQL,
    "document": StorageKind.NOSQL,
    "object": StorageKind.BLOB,
    "files": StorageKind.BLOB,
}


def read_stores(text: str) -> StoresAnswer:
    """Read the stores: each a kind, then a technology, then notes in parentheses."""
    items = [_item(piece) for piece in split(whole(text), ",;\n")]
    if not items:
        raise NotationError("at least one store is needed", 0)
    return StoresAnswer(items=tuple(items))


def read_store(text: str) -> StoreAnswer:
    """Read the technology and the notes of one store."""
    technology, notes = _technology(whole(text))
    if technology is None:
        raise NotationError("the technology is missing", 0)
    return StoreAnswer(technology=technology, notes=notes)


def write_stores(answer: StoresAnswer) -> str:
    """Write the stores in their notation."""
    return ", ".join(
        " ".join([item.kind.value, *([item.technology] if item.technology else []), *_notes(item)])
        for item in answer.items
    )


def write_store(answer: StoreAnswer) -> str:
    """Write the technology and the notes of one store."""
    return " ".join([answer.technology, *_notes(answer)])


def _item(piece: Piece) -> StoreItem:
    word = piece.text.split(maxsplit=1)[0].rstrip(":")
    kind = choice(Piece(word, piece.at), StorageKind, "kind of store", _SYNONYMS)
    rest = piece.cut(len(word))
    if rest.text.startswith(":"):
        rest = rest.cut(1)
    technology, notes = _technology(rest)
    return StoreItem(kind=kind, technology=technology, notes=notes)


def _technology(piece: Piece) -> tuple[str | None, str | None]:
    start = piece.text.find("(")
    if start == -1:
        return (name(piece, "technology") if piece.text else None), None
    if not piece.text.endswith(")"):
        raise NotationError("the notes in parentheses do not end", piece.at + start)
    head = piece.cut(0, start)
    notes = phrase(piece.cut(start + 1, -1), "notes")
    return (name(head, "technology") if head.text else None), notes


def _notes(item: StoreItem | StoreAnswer) -> list[str]:
    return [f"({item.notes})"] if item.notes else []
