"""An outcome as Markdown: the two files as fenced blocks, the ideas as a third, no prose."""

from quaestor_shared.contracts.sessions import Finalization
from quaestor_shared.markdown import fence

__all__ = ["as_markdown"]


def as_markdown(finalization: Finalization) -> str:
    """Write the blocks in their order: Markdown, JSON, then ideas if there are any."""
    document, artifact = finalization.files
    blocks = [fence(document.content, "md"), fence(artifact.content, "json")]
    if finalization.improvements:
        ideas = "\n".join(f"- {idea}" for idea in finalization.improvements)
        blocks.append(fence(ideas, "text"))
    return "\n".join(blocks)
