"""Writes an outcome to disk: the artifact as it is, our section into the document that is there."""

from pathlib import Path

from quaestor_shared.contracts.sessions import Finalization
from quaestor_shared.sections import BACKEND_DESIGN, find_section, put_section

__all__ = ["write_outcome"]


def write_outcome(outcome: Finalization, folder: Path) -> list[Path]:
    """Write both files below `folder` and give their paths, Markdown first.

    In a document that exists on disk only our section is replaced or appended; what others wrote
    there stays, byte for byte. Raises BrokenSection when its section has lost its end marker.
    """
    written = []
    for file in outcome.files:
        target = folder / file.path
        content = file.content.encode()
        if target.exists() and file.path.endswith(".md"):
            place = find_section(content, BACKEND_DESIGN)
            if place is not None:
                section = content[place[0] : place[1]]
                content = put_section(target.read_bytes(), section, BACKEND_DESIGN)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        written.append(target)
    return written
