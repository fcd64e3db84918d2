"""The stores of a design."""

from collections.abc import Iterator

from quaestor_shared.contracts.findings import Severity
from quaestor_shared.service.schema_messages import cut
from quaestor_validator.domain.rules.base import Issue, NoOptions, Rule
from quaestor_validator.domain.rules.design import Design, folded

__all__ = ["RULES"]


def duplicate_stores(design: Design, _: NoOptions) -> Iterator[Issue]:
    """Find stores of the same kind and technology."""
    first: dict[tuple[str, str], int] = {}
    for i, store in enumerate(design.artifact.storage):
        earlier = first.setdefault((store.kind.value, folded(store.technology)), i)
        if earlier != i:
            yield Issue(
                path=("storage", i),
                message=f"{cut(store.technology)} is the {store.kind.value} store at "
                f"/storage/{earlier} already",
                expected="one entry for each kind and technology",
                fix="make the two one, or say in `technology` how they differ",
            )


RULES = (
    Rule(
        code="storage/duplicate",
        severity=Severity.WARN,
        title="A store is listed once",
        check=duplicate_stores,
    ),
)
