"""Names that stand twice in one object of a JSON text (RFC 8259, section 4: "unpredictable")."""

from collections.abc import Iterator

from quaestor_shared.contracts.findings import Severity
from quaestor_shared.service.schema_messages import cut_key
from quaestor_validator.domain.found import Found
from quaestor_validator.domain.positions import Path, duplicate_keys
from quaestor_validator.domain.rules.base import Issue

__all__ = ["DUPLICATE_KEY", "duplicates"]

DUPLICATE_KEY = "json/duplicate-key"


def duplicates(text: str, root: Path) -> Iterator[tuple[bool, Found]]:
    """Give each name that its object has already, and whether it stands below `root`."""
    for path, first, again in duplicate_keys(text):
        within = len(path) > len(root) and path[: len(root)] == root
        place = path[len(root) :] if within else path
        name = cut_key(str(path[-1]))
        issue = Issue(
            path=place,
            message=f"`{name}` stands in this object already; most readers keep the last one, "
            "some the first",
            expected="each name once",
            fix="keep the one that is meant, and take the other out",
            related=((place, "the first one"),),
            key=True,
        )
        yield (
            within,
            Found(code=DUPLICATE_KEY, severity=Severity.ERROR, issue=issue, ranges=(again, first)),
        )
