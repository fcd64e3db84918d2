"""A feature as a whole: read for an archive, and written from one."""

import json
from collections.abc import Mapping

from quaestor_artifact_store.database import Connection, Row, Transaction
from quaestor_artifact_store.domain.search.document import Document
from quaestor_artifact_store.repository import blobs, search, visible
from quaestor_artifact_store.repository.artifacts import last_of_deleted
from quaestor_artifact_store.repository.changes import record
from quaestor_artifact_store.repository.features import any_feature, feature_key
from quaestor_shared.contracts.archives import (
    Archive,
    ArchivedApproval,
    ArchivedArtifact,
    ArchivedEvent,
    ArchivedJournal,
    ArchivedVersion,
    ImportView,
)
from quaestor_shared.contracts.errors import ErrorDetail
from quaestor_shared.errors import Conflict
from quaestor_shared.ids import new_id

__all__ = ["read", "write"]

ARTIFACTS = (
    "SELECT id, path, created_at, updated_at FROM artifacts"
    " WHERE feature_id = ? AND deleted_at IS NULL ORDER BY path"
)
VERSIONS = (
    "SELECT v.number, v.digest, b.size, v.media_type, v.author, v.created_at, v.label,"
    " v.session_id, v.script_version FROM versions v JOIN blobs b ON b.digest = v.digest"
    " WHERE v.artifact_id = ? ORDER BY v.number"
)
APPROVALS = (
    "SELECT digest, approver, note, created_at FROM approvals"
    " WHERE artifact_id = ? AND deleted_at IS NULL ORDER BY digest, approver"
)
JOURNALS = (
    "SELECT id, key, created_at, updated_at FROM journals"
    " WHERE feature_id = ? AND kind > '' AND deleted_at IS NULL ORDER BY kind, id"
)
EVENTS = (
    "SELECT type, data, created_at AS at FROM events WHERE journal_id = ? AND version > 0"
    " ORDER BY version"
)
OCCUPIED = (
    "SELECT 1 AS taken FROM artifacts WHERE feature_id = ? AND path > '' AND deleted_at IS NULL"
    " LIMIT 1"
)
JOURNAL_OF_KEY = "SELECT id FROM journals WHERE key = ? AND deleted_at IS NULL"


def read(connection: Connection, slug: str, now: str) -> Archive:
    """Read everything of a feature but the contents. Raises NotFound, or Gone for a purged one."""
    found = any_feature(connection, slug)
    visible.check_feature(slug, found["deleted_at"])
    feature = found["id"]
    artifacts = connection.execute(ARTIFACTS, (feature,)).fetchall()
    journals = connection.execute(JOURNALS, (feature,)).fetchall()
    return Archive(
        format="quaestor-feature/1",
        feature_id=slug,
        exported_at=now,
        artifacts=tuple(_artifact(connection, row) for row in artifacts),
        journals=tuple(_journal(connection, row) for row in journals),
    )


def write(
    tx: Transaction, archive: Archive, slug: str, documents: Mapping[tuple[str, int], Document]
) -> ImportView:
    """Write a feature from an archive; `documents` are its index entries by path and number.

    Ids are new, numbers, labels, authors and times are those of the archive. Journals come along
    only where the feature keeps its id. Raises Conflict where the feature has artifacts, or had
    versions with these numbers, or a journal's key is taken.
    """
    feature = feature_key(tx, slug)
    if tx.execute(OCCUPIED, (feature,)).fetchone() is not None:
        raise Conflict(
            f"{slug} has artifacts: import under another id, with `feature_id`.",
            details=[ErrorDetail(field="feature_id", message="the feature has artifacts")],
        )
    # A journal says inside of which feature it is; under another id it would tell of the wrong one.
    moved = archive.journals if slug == archive.feature_id else ()
    journals = {journal.id: _write_journal(tx, feature, journal) for journal in moved}
    ids = dict(journals)
    for artifact in archive.artifacts:
        ids[artifact.id] = _write_artifact(tx, feature, slug, artifact, journals, documents)
    versions = sum(len(artifact.versions) for artifact in archive.artifacts)
    digests = {version.digest for one in archive.artifacts for version in one.versions}
    counts = {
        "artifacts": len(archive.artifacts),
        "versions": versions,
        "contents": len(digests),
        "journals": len(journals),
    }
    told: dict[str, str | int | None] = {"feature_id": slug, "from": archive.feature_id, **counts}
    record(tx, "feature.imported", feature=feature, subject=feature, data=told)
    return ImportView(feature_id=slug, ids=ids, **counts)


def _artifact(connection: Connection, row: Row) -> ArchivedArtifact:
    versions = connection.execute(VERSIONS, (row["id"],)).fetchall()
    approvals = connection.execute(APPROVALS, (row["id"],)).fetchall()
    return ArchivedArtifact(
        **dict(row),
        versions=tuple(ArchivedVersion(**dict(version)) for version in versions),
        approvals=tuple(ArchivedApproval(**dict(approval)) for approval in approvals),
    )


def _journal(connection: Connection, row: Row) -> ArchivedJournal:
    events = connection.execute(EVENTS, (row["id"],)).fetchall()
    return ArchivedJournal(
        **dict(row),
        events=tuple(
            ArchivedEvent(type=event["type"], data=json.loads(event["data"]), at=event["at"])
            for event in events
        ),
    )


def _write_journal(tx: Transaction, feature: str, journal: ArchivedJournal) -> str:
    taken = tx.execute(JOURNAL_OF_KEY, (journal.key,)).fetchone()
    if taken is not None:
        raise Conflict(
            f"There is a journal with the key {journal.key} already.",
            meta={"existing_id": taken["id"]},
        )
    key, kind = new_id(), journal.key.partition(":")[0]
    tx.execute(
        "INSERT INTO journals VALUES (?, ?, ?, ?, ?, ?, ?, NULL)",
        (
            *(key, feature, kind, journal.key, len(journal.events)),
            *(journal.created_at, journal.updated_at),
        ),
    )
    tx.executemany(
        "INSERT INTO events VALUES (?, ?, ?, ?, ?)",
        [
            (key, position, event.type, json.dumps(event.data), event.at)
            for position, event in enumerate(journal.events, start=1)
        ],
    )
    return key


def _write_artifact(
    tx: Transaction,
    feature: str,
    slug: str,
    artifact: ArchivedArtifact,
    journals: Mapping[str, str],
    documents: Mapping[tuple[str, int], Document],
) -> str:
    last = last_of_deleted(tx, feature, artifact.path)
    if artifact.versions[0].number <= last:
        raise Conflict(
            f"{artifact.path} of {slug} had versions up to {last}, and a number never comes back:"
            " import under another id, with `feature_id`.",
            meta={"last": last},
        )
    key, latest = new_id(), artifact.versions[-1].number
    columns = "(id, feature_id, path, latest, created_at, updated_at)"
    tx.execute(
        f"INSERT INTO artifacts {columns} VALUES (?, ?, ?, ?, ?, ?)",
        (key, feature, artifact.path, latest, artifact.created_at, artifact.updated_at),
    )
    before = None
    for version in artifact.versions:
        document = documents[artifact.path, version.number]
        before = _write_version(
            tx, feature, key, artifact.path, version, journals, document, before
        )
    tx.executemany(
        "INSERT INTO approvals (id, artifact_id, digest, approver, note, created_at, updated_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            (new_id(), key, one.digest, one.approver, one.note, one.created_at, one.created_at)
            for one in artifact.approvals
        ],
    )
    return key


def _write_version(
    tx: Transaction,
    feature: str,
    artifact_id: str,
    path: str,
    version: ArchivedVersion,
    journals: Mapping[str, str],
    document: Document,
    before: str | None,
) -> str:
    """Write a version that follows another, and give its id."""
    blobs.name(tx, version.digest, version.size, version.media_type, uploaded=False)
    key, session = new_id(), journals.get(version.session_id or "", version.session_id)
    row = (
        *(key, artifact_id, version.number, version.digest, version.media_type, version.label),
        *(version.author, session, version.script_version),
        *(version.created_at, version.created_at),
    )
    tx.execute("INSERT INTO versions VALUES (?,?,?,?,?,?,?,?,?,?,?,NULL)", row)
    position = record(
        tx,
        "version.imported",
        feature=feature,
        subject=artifact_id,
        data={"path": path, "number": version.number, "digest": version.digest},
    )
    entry = search.Entry(key, version.author, version.created_at, document, before)
    search.index(tx, position, entry)
    return key
