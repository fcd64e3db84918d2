"""What a manifest says that no store could have written: it is refused before anything is."""

from collections.abc import Iterable, Iterator
from itertools import islice

from quaestor_artifact_store.domain.archives import MANIFEST, MOST_FAULTS
from quaestor_artifact_store.domain.expressions import NO_LABEL, may_be_label
from quaestor_artifact_store.domain.times import read_time
from quaestor_shared.clock import later
from quaestor_shared.contracts.archives import Archive, ArchivedArtifact, ArchivedVersion
from quaestor_shared.contracts.errors import ErrorDetail
from quaestor_shared.errors import InvalidInput

__all__ = ["faults_of"]

_TOLERANCE_S = 300  # between the clocks of two stores
# A number without the versions before it, which were purged; what follows has room above it.
_MOST_SKIPPED = 99_999_999_999_999
_TWICE = "there is another with it"


def faults_of(archive: Archive, now: str) -> list[ErrorDetail]:
    """List what a manifest contradicts itself in, or says of a time after `now`."""
    return list(islice(_faults(archive, later(now, _TOLERANCE_S)), MOST_FAULTS))


def _faults(archive: Archive, end: str) -> Iterator[ErrorDetail]:
    yield from _of_time(f"{MANIFEST}/exported_at", archive.exported_at, end)
    artifacts, journals = f"{MANIFEST}/artifacts", f"{MANIFEST}/journals"
    yield from _twice(artifacts, "path", [one.path for one in archive.artifacts])
    yield from _twice(artifacts, "id", [one.id for one in archive.artifacts])
    yield from _twice(journals, "key", [one.key for one in archive.journals])
    yield from _twice(journals, "id", [one.id for one in archive.journals])
    for index, artifact in enumerate(archive.artifacts):
        yield from _of_artifact(artifact, f"{artifacts}/{index}", end)
    for index, journal in enumerate(archive.journals):
        place = f"{journals}/{index}"
        yield from _of_time(f"{place}/created_at", journal.created_at, end)
        yield from _of_time(f"{place}/updated_at", journal.updated_at, end)
        for position, event in enumerate(journal.events):
            yield from _of_time(f"{place}/events/{position}/at", event.at, end)


def _of_artifact(artifact: ArchivedArtifact, place: str, end: str) -> Iterator[ErrorDetail]:
    if any(segment in {".", ".."} for segment in artifact.path.split("/")):
        yield ErrorDetail(field=f"{place}/path", message="no segment may be `.` or `..`")
    yield from _of_time(f"{place}/created_at", artifact.created_at, end)
    yield from _of_time(f"{place}/updated_at", artifact.updated_at, end)
    yield from _of_versions(artifact, place, end)
    digests = {version.digest for version in artifact.versions}
    given = [(one.digest, one.approver) for one in artifact.approvals]
    yield from _twice(f"{place}/approvals", "approver", given)
    for index, approval in enumerate(artifact.approvals):
        at = f"{place}/approvals/{index}"
        if approval.digest not in digests:
            message = "no version of the artifact has it"
            yield ErrorDetail(field=f"{at}/digest", message=message)
        yield from _of_name(f"{at}/approver", approval.approver)
        yield from _of_time(f"{at}/created_at", approval.created_at, end)


def _of_versions(artifact: ArchivedArtifact, place: str, end: str) -> Iterator[ErrorDetail]:
    sizes = {version.digest: version.size for version in artifact.versions}
    yield from _twice(f"{place}/versions", "label", [one.label for one in artifact.versions])
    before: ArchivedVersion | None = None
    for index, version in enumerate(artifact.versions):
        at = f"{place}/versions/{index}"
        if before is not None and version.number <= before.number:
            yield ErrorDetail(field=f"{at}/number", message="numbers have to rise")
        if version.number - index > _MOST_SKIPPED:
            message = f"leaves no room for more: {_MOST_SKIPPED + index} at most"
            yield ErrorDetail(field=f"{at}/number", message=message)
        if version.label is not None and not may_be_label(version.label):
            yield ErrorDetail(field=f"{at}/label", message=NO_LABEL)
        if version.size != sizes[version.digest]:
            yield ErrorDetail(field=f"{at}/size", message="the same content has another size")
        yield from _of_name(f"{at}/author", version.author)
        wrong = list(_of_time(f"{at}/created_at", version.created_at, end))
        if not wrong and before is not None and version.created_at < before.created_at:
            message = f"is before {before.created_at}, when the version before was made"
            wrong.append(ErrorDetail(field=f"{at}/created_at", message=message))
        yield from wrong
        before = version


def _of_time(place: str, time: str, end: str) -> Iterator[ErrorDetail]:
    """Times are compared as text, so one that is written otherwise would stand in a wrong order."""
    try:
        written = read_time(time, place)
    except InvalidInput:
        written = None
    if written != time:
        yield ErrorDetail(
            field=place,
            message="an RFC 3339 time in UTC, to the microsecond",
            example="2026-01-31T16:00:00.000000Z",
        )
    elif time > end:
        yield ErrorDetail(field=place, message="lies in the future")


def _of_name(place: str, name: str) -> Iterator[ErrorDetail]:
    if any(character < " " or character == "\x7f" for character in name):
        yield ErrorDetail(field=place, message="has a control character, which no name has")


def _twice(place: str, field: str, given: Iterable[object | None]) -> Iterator[ErrorDetail]:
    seen: set[object] = set()
    for index, one in enumerate(given):
        if one is not None and one in seen:
            yield ErrorDetail(field=f"{place}/{index}/{field}", message=_TWICE)
        seen.add(one)
