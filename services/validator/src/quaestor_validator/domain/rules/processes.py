"""What processes need from the rest of the design."""

from collections.abc import Iterator

from quaestor_shared.contracts.artifact import ProcessType, StorageKind
from quaestor_shared.contracts.findings import Severity
from quaestor_shared.service.schema_messages import cut
from quaestor_validator.domain.rules.base import Issue, NoOptions, Rule
from quaestor_validator.domain.rules.design import Design

__all__ = ["RULES"]


def async_without_queue(design: Design, _: NoOptions) -> Iterator[Issue]:
    """Find asynchronous processes in a design that has no queue."""
    if any(store.kind is StorageKind.QUEUE for store in design.artifact.storage):
        return
    for i, process in enumerate(design.artifact.processes):
        if process.type is ProcessType.ASYNC:
            yield Issue(
                path=("processes", i, "type"),
                message=f"{cut(process.name)} is asynchronous, and there is no queue to feed it",
                expected="a store of the kind `queue`",
                fix="add a queue to `storage`; a process that a schedule starts is `batch`",
            )


RULES = (
    Rule(
        code="processes/async-without-queue",
        severity=Severity.WARN,
        title="An asynchronous process has a queue",
        check=async_without_queue,
    ),
)
