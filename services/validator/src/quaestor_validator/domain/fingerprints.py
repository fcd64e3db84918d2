"""Names for findings that stay when a document changes elsewhere.

A fingerprint is made of the code, the way to the place, the value found there where it is no
container, and what is missing where something is. Items of lists take part by name, never by
position, and texts of messages not at all, so it survives other lines, another order, and better
wording. Of findings that are alike in all of that, the later ones are counted.
"""

import hashlib
import json
from collections import Counter
from typing import Any

from quaestor_shared.contracts.findings import Source
from quaestor_validator.domain.found import Found, named_path, value_at

__all__ = ["Fingerprints"]

_OF_THE_DOCUMENT = (Source.INSTANCE, Source.NARRATIVE)
_LENGTH = 20  # hexadecimal digits


class Fingerprints:
    """Gives fingerprints to the findings of one audit, in the order in which they are made."""

    def __init__(self, document: Any) -> None:  # noqa: ANN401 - a JSON value
        self._document = document
        self._seen: Counter[str] = Counter()

    def of(self, found: Found) -> str:
        """Give a finding's fingerprint; no two of an audit are the same."""
        path = found.issue.path
        document = self._document if found.source in _OF_THE_DOCUMENT else None
        names = [name for _, name in named_path(document, path)]
        value = None if found.issue.key else value_at(document, path)
        alike = [found.code, found.source, names, _scalar(value), found.subject]
        text = json.dumps(alike, ensure_ascii=True, separators=(",", ":"))
        self._seen[text] += 1
        text = f"{text}#{self._seen[text]}"
        return hashlib.sha256(text.encode()).hexdigest()[:_LENGTH]


def _scalar(value: Any) -> str | int | float | bool | None:  # noqa: ANN401 - a JSON value
    return None if isinstance(value, dict | list) else value
