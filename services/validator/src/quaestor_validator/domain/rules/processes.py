"""What processes need from the rest of the design."""

from collections.abc import Iterator

from quaestor_shared.contracts.artifact import Artifact, ProcessType, StorageKind
from quaestor_shared.contracts.findings import Severity
from quaestor_shared.service.schema_messages import cut
from quaestor_validator.domain.rules.base import Issue, Rule

__all__ = ["RULES"]


def async_without_queue(artifact: Artifact) -> Iterator[Issue]:
    """Find asynchronous processes in a design that has no queue."""
    if any(store.kind is StorageKind.QUEUE for store in artifact.storage):
        return
    for i, process in enumerate(artifact.processes):
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
