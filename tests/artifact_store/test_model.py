"""Whatever is done with journals and versions, the repository does as a plain model does."""

import asyncio
import tempfile
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)
from tests.support.databases import Kept, open_at, place_for

from quaestor_artifact_store.domain.content import digest_of
from quaestor_artifact_store.domain.expressions import Expression
from quaestor_artifact_store.repository.rows import JournalAppendRow, NewVersion, Page
from quaestor_shared.clock import utc_now
from quaestor_shared.contracts.journals import EventInput
from quaestor_shared.contracts.versions import IfExists
from quaestor_shared.errors import Conflict, NotFound, VersionMismatch
from quaestor_shared.ids import new_id

T = TypeVar("T")
Stored = tuple[str, str | None]  # content, label
KEYS = st.sampled_from(["session:a", "session:b", "other:c"])
FEATURES = st.sampled_from(["ff", "gg"])
PATHS = st.sampled_from(["a.json", "b/c.md"])
CONTENTS = st.sampled_from(["x", "y", "z"])
LABELS = st.sampled_from([None, None, "1.0.0", "2.0.0"])
NUMBERS = st.lists(st.integers(0, 9), max_size=3)
OFF = st.sampled_from([0, 0, 0, 1, -1])  # how far off an expected version is


class Model(RuleBasedStateMachine):
    """Journals are lists of numbers, artifacts lists of contents; every rule does both."""

    kind = "sqlite"

    @initialize()
    def open(self) -> None:
        """Start with nothing."""
        self.folder = tempfile.TemporaryDirectory()
        self.place = place_for(self.kind, Path(self.folder.name))
        self.loop = asyncio.new_event_loop()
        self.keys: dict[str, str] = {}
        self.journals: dict[str, list[int]] = {}
        self.deleted: list[str] = []
        self.artifacts: dict[tuple[str, str], list[Stored]] = {}
        self.ids: dict[tuple[str, str], str] = {}
        self._open()

    def _open(self) -> None:
        self.database = open_at(self.place, utc_now)
        self.repository = Kept(self.database)

    def run(self, call: Coroutine[Any, Any, T]) -> T:
        """Wait for a call."""
        return self.loop.run_until_complete(call)

    @rule()
    def reopen(self) -> None:
        """What was acknowledged is there after a restart."""
        self.database.close()
        self._open()

    @rule(key=KEYS, feature=FEATURES, numbers=NUMBERS)
    def create_journal(self, key: str, feature: str, numbers: list[int]) -> None:
        """A live key is refused and named; another makes a journal."""
        try:
            made = self.run(self.repository.create_journal(key, feature, events(numbers)))
        except Conflict as error:
            assert error.meta["existing_id"] == self.keys[key]
            return
        assert key not in self.keys
        self.keys[key] = made.id
        self.journals[made.id] = list(numbers)

    @precondition(lambda self: self.journals)
    @rule(data=st.data(), off=OFF, numbers=NUMBERS)
    def append(self, data: st.DataObject, off: int, numbers: list[int]) -> None:
        """Only the version that is there is appended to."""
        journal = data.draw(st.sampled_from(sorted(self.journals)))
        there = len(self.journals[journal])
        try:
            self.run(self.repository.append(row(journal, there + off, numbers)))
        except VersionMismatch as error:
            assert off != 0
            assert error.meta["current_version"] == there
            return
        assert off == 0
        self.journals[journal] += numbers

    @precondition(lambda self: self.keys)
    @rule(data=st.data(), off=OFF)
    def delete_journal(self, data: st.DataObject, off: int) -> None:
        """A deleted journal is gone, and its key is free."""
        key = data.draw(st.sampled_from(sorted(self.keys)))
        journal = self.keys[key]
        try:
            self.run(self.repository.delete_journal(journal, len(self.journals[journal]) + off))
        except VersionMismatch:
            assert off != 0
            return
        assert off == 0
        del self.keys[key], self.journals[journal]
        self.deleted.append(journal)

    @rule(
        data=st.data(),
        places=st.lists(st.tuples(FEATURES, PATHS), min_size=1, max_size=3, unique=True),
        if_exists=st.sampled_from(IfExists),
        off=st.none() | OFF,
        journal_off=OFF,
    )
    def commit(
        self,
        data: st.DataObject,
        places: list[tuple[str, str]],
        if_exists: IfExists,
        off: int | None,
        journal_off: int,
    ) -> None:
        """Versions and events are written as the model says, or not at all."""
        after = {place: list(stored) for place, stored in self.artifacts.items()}
        new, expected, good = [], [], True
        for feature, path in places:
            content, label = data.draw(CONTENTS), data.draw(LABELS)
            there = after.setdefault((feature, path), [])
            wanted = None if off is None else max(0, len(there) + off)
            new.append(version(feature, path, content, label, if_exists, wanted))
            good &= wanted in (None, len(there)) and not (there and if_exists is IfExists.FAIL)
            found = if_exists is IfExists.FIND_OR_NEW_VERSION and bool(there)
            if not (found and there[-1][0] == content and label in (None, there[-1][1])):
                good &= label is None or label not in [name for _, name in there]
                there.append((content, label))
            expected.append(len(there))
        journal = data.draw(st.none() | st.sampled_from(sorted(self.journals) or [new_id()]))
        append = None
        if journal is not None:
            append = row(journal, len(self.journals.get(journal, ())) + journal_off, [7])
            good &= journal in self.journals and journal_off == 0
        try:
            written, _ = self.run(self.repository.commit(new, append))
        except (Conflict, NotFound):
            assert not good
            return
        assert good
        assert [one.number for one in written] == expected
        for place, one in zip(places, written, strict=True):
            assert self.ids.setdefault(place, one.artifact_id) == one.artifact_id
        self.artifacts = after
        if journal is not None:
            self.journals[journal].append(7)

    @invariant()
    def journals_are_those_of_the_model(self) -> None:
        """Every journal has the model's events; a deleted one is not found."""
        for journal, numbers in self.journals.items():
            read = self.run(self.repository.read_journal(journal, 0, 1000))
            assert [event.data["n"] for event in read.events] == numbers
            assert (read.version, read.more) == (len(numbers), False)
            after = len(numbers) // 2
            rest = self.run(self.repository.read_journal(journal, after, 1))
            assert [event.data["n"] for event in rest.events] == numbers[after : after + 1]
            assert rest.more == (len(numbers) > after + 1)
        listed = [
            journal.id
            for kind in ("session", "other")
            for journal in self.run(self.repository.list_journals(kind, None, Page(limit=99)))
        ]
        assert sorted(listed) == sorted(self.journals)
        for journal in self.deleted:
            assert self.run(absent(self.repository, journal))

    @invariant()
    def artifacts_are_those_of_the_model(self) -> None:
        """Every artifact has the model's versions, under their numbers and labels."""
        listed = self.run(self.repository.list_artifacts(Page(limit=99)))
        assert [(a.feature_id, a.path) for a in listed] == sorted(self.artifacts)
        for place, stored in self.artifacts.items():
            versions = self.run(self.repository.list_versions(self.ids[place], None, 99))
            assert [(v.number, v.digest, v.label) for v in reversed(versions)] == [
                (number, digest_of(content.encode()), label)
                for number, (content, label) in enumerate(stored, 1)
            ]
            latest = self.run(self.repository.read_version(self.ids[place], Expression()))
            assert latest.number == len(stored)

    def teardown(self) -> None:
        """Close everything."""
        self.database.close()
        self.loop.close()
        self.folder.cleanup()


def events(numbers: list[int]) -> list[EventInput]:
    """Give events that carry the numbers."""
    return [EventInput(type="counted", data={"n": number}) for number in numbers]


def row(journal: str, expected: int, numbers: list[int]) -> JournalAppendRow:
    """Give an append of such events."""
    return JournalAppendRow(journal_id=journal, expected_version=expected, events=events(numbers))


def version(
    feature: str,
    path: str,
    content: str,
    label: str | None,
    if_exists: IfExists,
    expected: int | None,
) -> NewVersion:
    """Give a version to write."""
    return NewVersion(
        feature_id=feature,
        path=path,
        digest=digest_of(content.encode()),
        size=len(content),
        media_type="text/plain",
        if_exists=if_exists,
        label=label,
        expected_version=expected,
    )


async def absent(repository: Kept, journal: str) -> bool:
    """Say whether a journal is not found."""
    try:
        await repository.read_journal(journal, 0, 1)
    except NotFound:
        return True
    return False


class OnPostgresql(Model):
    """The same on PostgreSQL."""

    kind = "postgresql"


TestModel = Model.TestCase
TestModel.settings = settings(max_examples=25, stateful_step_count=25, deadline=None)
TestOnPostgresql = pytest.mark.slow(OnPostgresql.TestCase)
TestOnPostgresql.settings = settings(max_examples=12, stateful_step_count=25, deadline=None)
