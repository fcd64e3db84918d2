"""How processes run, and what they need from the rest of the design."""

from collections.abc import Iterator
from operator import attrgetter

from quaestor_shared.contracts.artifact import Process, StorageKind
from quaestor_shared.contracts.findings import Severity
from quaestor_shared.service.schema_messages import cut
from quaestor_validator.domain.quantities import Measure, service_levels_of
from quaestor_validator.domain.rules.base import Issue, NoOptions, Options, Rule
from quaestor_validator.domain.rules.design import Design
from quaestor_validator.domain.rules.patches import replace
from quaestor_validator.domain.rules.vocabulary import HARMLESS_TWICE
from quaestor_validator.domain.schedules import has_schedule, interval_of
from quaestor_validator.domain.words import is_open

__all__ = ["RULES", "SlowSyncOptions"]

_TIMED = (Measure.LATENCY, Measure.COMPLETION)
# By a schedule.
_STARTED = ("batch", "cron")


class SlowSyncOptions(Options, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`most_seconds`: the longest that a caller waits for a synchronous process, in seconds."""

    most_seconds: float = 60


def async_without_queue(design: Design, _: NoOptions) -> Iterator[Issue]:
    """Find asynchronous processes in a design that has no queue."""
    if StorageKind.QUEUE in design.kinds:
        return
    for i, process in design.asynchronous:
        yield Issue(
            path=("processes", i, "type"),
            message=f"{cut(process.name)} is asynchronous, and there is no queue to feed it",
            expected="a store of the kind `queue`",
            fix="add a queue to `storage`; a process that a schedule starts is `batch`",
        )


def batch_without_schedule(design: Design, _: NoOptions) -> Iterator[Issue]:
    """Find batch processes of which nothing says when they run."""
    for i, process in design.batches:
        texts = (process.description, process.sla, process.name)
        if not any(map(has_schedule, texts)) and not is_open(process.description):
            yield Issue(
                path=("processes", i, "description"),
                message=f"nothing says when {cut(process.name)} runs",
                expected="a schedule or a window, such as `nightly` or `every 15 minutes`",
                actual=cut(process.description),
                fix="say in the description when it runs; one that a message starts is `async`",
            )


def slow_sync(design: Design, options: SlowSyncOptions) -> Iterator[Issue]:
    """Find synchronous processes that nobody could wait for."""
    for i, process in design.synchronous:
        seconds = _slowest(process)
        if seconds is not None and seconds > options.most_seconds:
            yield Issue(
                path=("processes", i, "sla"),
                message=f"{cut(process.name)} is synchronous, and a caller would wait for "
                f"{seconds:g} s",
                expected=f"at most {options.most_seconds:g} s, or another type",
                actual=cut(process.sla),
                fix="make it `async`: answer at once, and tell the caller when it is done",
                related=((("processes", i, "type"), "the type"),),
            )


def contradicted_type(design: Design, _: NoOptions) -> Iterator[Issue]:
    """Find asynchronous processes that a schedule starts, by their own descriptions."""
    for i, process in design.asynchronous if not design.words.isdisjoint(_STARTED) else ():
        words = process.description.lower().replace(",", " ").replace(".", " ").split()
        if "batch" in words or "cron" in words:
            path = ("processes", i, "type")
            yield Issue(
                path=path,
                message=f"{cut(process.name)} is `async`, and its description speaks of a "
                f"{'batch' if 'batch' in words else 'cron job'}",
                expected="`batch` for what a schedule starts, `async` for what a message starts",
                actual='"async"',
                fix="make it `batch`, or say in the description what starts it",
                did_you_mean="batch",
                patch=replace(path, "async", "batch"),
                related=((("processes", i, "description"), "the description"),),
            )


def overrun(design: Design, _: NoOptions) -> Iterator[Issue]:
    """Find batch processes that may take longer than until their next start."""
    for i, process in design.batches:
        interval = interval_of(process.description)
        seconds = _slowest(process)
        if interval is not None and seconds is not None and seconds > interval:
            yield Issue(
                path=("processes", i, "sla"),
                message=f"{cut(process.name)} may take {seconds:g} s and starts every "
                f"{interval:g} s, so it would run beside itself",
                expected=f"at most {interval:g} s",
                actual=cut(process.sla),
                fix="run it less often, let it take less, or say what keeps two runs apart",
                related=((("processes", i, "description"), "how often it starts"),),
            )


def unsafe_retry(design: Design, _: NoOptions) -> Iterator[Issue]:
    """Find processes that are retried while nothing says that doing it twice does no harm."""
    if not design.says("retr") or design.speaks_of(HARMLESS_TWICE):
        return
    for i, process in enumerate(design.artifact.processes):
        text = process.description.lower()
        if any(word in text for word in ("retry", "retri", "at least once", "at-least-once")):
            yield Issue(
                path=("processes", i, "description"),
                message=f"{cut(process.name)} is retried, and nothing says what keeps its effect "
                "from happening twice",
                expected="a word on idempotency",
                actual=cut(process.description),
                fix="say what a second run recognises the first by, such as the message's id",
            )


def _slowest(process: Process) -> float | None:
    levels = service_levels_of(process.sla)
    times = (level.seconds for level in levels if level.measure in _TIMED)
    return max((seconds for seconds in times if seconds is not None), default=None)


RULES = (
    Rule(
        code="processes/async-without-queue",
        severity=Severity.WARN,
        title="An asynchronous process has a queue",
        check=async_without_queue,
        needs=attrgetter("asynchronous"),
    ),
    Rule(
        code="processes/batch-without-schedule",
        severity=Severity.WARN,
        title="A batch process has a schedule or a window",
        check=batch_without_schedule,
        needs=attrgetter("batches"),
    ),
    Rule(
        code="processes/slow-sync",
        severity=Severity.WARN,
        title="A caller can wait for a synchronous process",
        check=slow_sync,
        needs=attrgetter("synchronous"),
        options=SlowSyncOptions(),
    ),
    Rule(
        code="processes/contradicted-type",
        severity=Severity.INFO,
        title="A process is of the type that its description tells of",
        check=contradicted_type,
        needs=attrgetter("asynchronous"),
    ),
    Rule(
        code="processes/overrun",
        severity=Severity.WARN,
        title="A batch process is done before it starts again",
        check=overrun,
        needs=attrgetter("batches"),
    ),
    Rule(
        code="processes/unsafe-retry",
        severity=Severity.WARN,
        title="A process that is retried may run twice",
        check=unsafe_retry,
    ),
)
