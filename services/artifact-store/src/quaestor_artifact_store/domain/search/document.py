"""What the index keeps of a version."""

from typing import NamedTuple

from quaestor_artifact_store.domain.search.facets import facets
from quaestor_artifact_store.domain.search.leaves import leaves
from quaestor_artifact_store.domain.search.words import words

__all__ = ["MOST_CONTENT", "Document", "document"]

# A place in a row of words is kept up to here on every database, and nobody searches further on.
_MOST_WORDS = 16_000
_MOST_TEXT = 1_000_000  # characters
MOST_CONTENT = 4_194_304  # bytes: what is larger is found by its facets alone


class Document(NamedTuple):
    """The words of a version and its facets, each parted by spaces."""

    words: str
    facets: str


def document(content: bytes, *, feature_id: str, path: str, media_type: str) -> Document:
    """Make a version's entry in the index; one that is no text is found by its facets alone."""
    places = leaves(content, media_type) if len(content) <= MOST_CONTENT else []
    text = "\n".join(leaf.text for leaf in places)[:_MOST_TEXT]
    return Document(
        words=" ".join(words(text)[:_MOST_WORDS]),
        facets=facets(feature_id=feature_id, path=path, media_type=media_type, places=places),
    )
