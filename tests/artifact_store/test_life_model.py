"""Whatever is done through the whole API, the store shows what a plain model shows."""

import asyncio
import json
import tempfile
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

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
from tests.support.databases import place_for

from quaestor_artifact_store.app import create_app
from quaestor_artifact_store.domain.content import digest_of
from quaestor_artifact_store.settings import Settings
from quaestor_shared.client.asgi import AsgiTransport
from quaestor_shared.service.app import Service

T = TypeVar("T")
FEATURES = st.sampled_from(["ff", "gg"])
PATHS = st.sampled_from(["a.txt", "b/c.txt"])
WORDS = ("apple", "berry", "cherry")
CONTENTS = st.sampled_from(WORDS)


class Kept:
    """An artifact of the model: its contents by number, and what became of it."""

    def __init__(self, key: str, feature: str, path: str) -> None:
        self.id, self.feature, self.path = key, feature, path
        self.versions: dict[int, str] = {}
        self.approved: set[str] = set()
        self.deleted = self.purged = False

    @property
    def latest(self) -> int:
        """The number of the latest version."""
        return max(self.versions)


class Life(RuleBasedStateMachine):
    """Every rule asks the API and the model, and both have to answer alike."""

    kind = "sqlite"

    @initialize()
    def open(self) -> None:
        """Start with nothing."""
        self.folder = tempfile.TemporaryDirectory()
        self.loop = asyncio.new_event_loop()
        url = place_for(self.kind, Path(self.folder.name)) if self.kind != "sqlite" else ""
        self.settings = Settings(data_dir=f"{self.folder.name}/data", database_url=url)
        self.kept: list[Kept] = []
        self.last: dict[tuple[str, str], int] = {}
        self.hidden: set[str] = set()
        self.named: set[str] = set()
        self._open()

    def _open(self) -> None:
        app = create_app(self.settings)
        self.transport = AsgiTransport(app)
        opened, self.ending = asyncio.Event(), asyncio.Event()
        self.serving = self.loop.create_task(serve(app, opened, self.ending))
        self.run(asyncio.wait_for(opened.wait(), 30))

    def _close(self) -> None:
        self.ending.set()
        self.loop.run_until_complete(self.serving)

    def run(self, call: Coroutine[Any, Any, T]) -> T:
        """Wait for a call."""
        return self.loop.run_until_complete(call)

    def ask(self, method: str, target: str, body: Any = None) -> tuple[int, Any]:
        """Send a request; give the status and the data, or the error's code."""
        content = b"" if body is None else json.dumps(body).encode()
        headers = [("content-type", "application/json")] if body is not None else []
        reply = self.run(self.transport.send(method, target, headers, content))
        said = json.loads(reply.body)
        return reply.status, said["data"] if said["success"] else said["error"]["code"]

    def live(self, feature: str, path: str) -> Kept | None:
        """Give the model's live artifact at a path."""
        found = [k for k in self.kept if (k.feature, k.path, k.deleted) == (feature, path, False)]
        return found[0] if found else None

    def drawn(self, data: st.DataObject) -> Kept:
        """Draw one of the artifacts there ever were."""
        return data.draw(st.sampled_from(self.kept), label="artifact")

    @rule()
    def reopen(self) -> None:
        """What was acknowledged is there after a restart."""
        self._close()
        self._open()

    @rule(feature=FEATURES, path=PATHS, content=CONTENTS, dry=st.booleans(),
          if_exists=st.sampled_from(["fail", "new_version", "find_or_new_version"]))  # fmt: skip
    def create(self, feature: str, path: str, content: str, if_exists: str, *, dry: bool) -> None:
        """A version is written as the model says; a dry run says the same and writes nothing."""
        body = {"feature_id": feature, "path": path, "media_type": "text/plain", "text": content,
                "if_exists": if_exists}  # fmt: skip
        status, said = self.ask("POST", f"/v1/artifacts?dry_run={str(dry).lower()}", body)
        there = self.live(feature, path)
        if feature in self.hidden or (there is not None and if_exists == "fail"):
            assert (status, said) == (409, "CONFLICT")
            return
        if there and if_exists == "find_or_new_version" and there.versions[there.latest] == content:
            assert (status, said["number"]) == (200, there.latest)
            return
        number = self.last.get((feature, path), 0) + 1
        assert (status, said["number"]) == (201, number)
        if dry:
            return
        self.named.add(feature)
        self.last[feature, path] = number
        if there is None:
            there = Kept(said["artifact_id"], feature, path)
            assert there.id not in {kept.id for kept in self.kept}
            self.kept.append(there)
        assert there.id == said["artifact_id"]
        there.versions[number] = content

    @precondition(lambda self: self.kept)
    @rule(data=st.data(), action=st.sampled_from(["delete", "restorations", "purges"]))
    def end(self, data: st.DataObject, action: str) -> None:
        """Deletion, restoration and purge follow each other as the model says."""
        kept = self.drawn(data)
        method, suffix = ("DELETE", "") if action == "delete" else ("POST", f"/{action}")
        status, _ = self.ask(method, f"/v1/artifacts/{kept.id}{suffix}")
        hidden = kept.feature in self.hidden
        if kept.purged:
            assert status == 410
        elif hidden or (action == "delete" and kept.deleted):
            assert status == 404
        elif action == "delete":
            assert status == 200
            kept.deleted = True
        elif not kept.deleted:
            assert status == 409
        elif action == "purges":
            assert status == 200
            kept.purged, kept.versions, kept.approved = True, {}, set()
        elif self.live(kept.feature, kept.path) is not None:
            assert status == 409
        else:
            assert status == 200
            kept.deleted = False

    @rule(feature=FEATURES, back=st.booleans())
    def hide(self, feature: str, *, back: bool) -> None:
        """A deleted feature hides what it holds, and shows the same when it comes back."""
        method, suffix = ("POST", "/restorations") if back else ("DELETE", "")
        status, _ = self.ask(method, f"/v1/features/{feature}{suffix}")
        if feature not in self.named:
            assert status == 404
        elif back and feature not in self.hidden:
            assert status == 409
        elif not back and feature in self.hidden:
            assert status == 404
        else:
            assert status == 200
            (self.hidden.discard if back else self.hidden.add)(feature)

    @precondition(lambda self: self.kept)
    @rule(data=st.data(), content=CONTENTS)
    def approve(self, data: st.DataObject, content: str) -> None:
        """An approval is bound to a content, whichever version has it."""
        kept = self.drawn(data)
        digest = digest_of(content.encode())
        place = f"/v1/artifacts/{kept.id}/versions/latest/approvals"
        status, _ = self.ask("POST", place, {"digest": digest})
        if kept.purged:
            assert status == 410
        elif kept.deleted or kept.feature in self.hidden:
            assert status == 404
        elif kept.versions[kept.latest] != content:
            assert status in (409, 412)
        else:
            assert status == (200 if content in kept.approved else 201)
            kept.approved.add(content)

    @invariant()
    def lists_are_those_of_the_model(self) -> None:
        """The live artifacts are listed with their latest version and its state, and no other."""
        status, listed = self.ask("GET", "/v1/artifacts?limit=200")
        shown = [
            (k.feature, k.path, k.id, k.latest, self._state(k))
            for k in self.kept
            if not k.deleted and k.feature not in self.hidden
        ]
        assert status == 200
        assert [
            (a["feature_id"], a["path"], a["id"], a["latest"]["number"], a["state"]) for a in listed
        ] == sorted(shown)

    @staticmethod
    def _state(kept: Kept) -> str:
        return "approved" if kept.versions[kept.latest] in kept.approved else "generated"

    @invariant()
    def versions_are_those_of_the_model(self) -> None:
        """Each artifact is there, hidden or gone, with the contents it was given, by number."""
        for kept in self.kept:
            status, _ = self.ask("GET", f"/v1/artifacts/{kept.id}")
            if kept.purged:
                assert status == 410
            elif kept.deleted or kept.feature in self.hidden:
                assert status == 404
            else:
                _, versions = self.ask("GET", f"/v1/artifacts/{kept.id}/versions")
                assert {v["number"]: v["digest"] for v in versions} == {
                    number: digest_of(content.encode()) for number, content in kept.versions.items()
                }
                approved = [n for n, c in kept.versions.items() if c in kept.approved]
                status, said = self.ask("GET", f"/v1/artifacts/{kept.id}/versions/approved")
                assert (
                    (status, said["number"]) == (200, max(approved))
                    if approved
                    else (status == 404)
                )

    @invariant()
    def search_finds_what_the_model_has(self) -> None:
        """A word is found in the latest versions that have it, and nowhere else."""
        for word in WORDS:
            _, hits = self.ask("GET", f"/v1/search?q={quote(word)}&limit=200")
            assert sorted((hit["artifact_id"], hit["number"]) for hit in hits) == sorted(
                (k.id, k.latest)
                for k in self.kept
                if not k.deleted and k.feature not in self.hidden and k.versions[k.latest] == word
            )

    def teardown(self) -> None:
        """The chain of changes holds, whatever was done."""
        _, report = self.ask("GET", "/v1/audit/verify")
        assert report["intact"]
        self._close()
        self.loop.close()
        self.folder.cleanup()


async def serve(app: Service, opened: asyncio.Event, ending: asyncio.Event) -> None:
    """Hold a service open; what opens it has to close it."""
    async with app.lifespan():
        opened.set()
        await ending.wait()


class LifeOnPostgresql(Life):
    """The same on PostgreSQL."""

    kind = "postgresql"


TestLife = pytest.mark.slow(Life.TestCase)
TestLife.settings = settings(max_examples=12, stateful_step_count=20, deadline=None)
TestLifeOnPostgresql = pytest.mark.slow(LifeOnPostgresql.TestCase)
TestLifeOnPostgresql.settings = settings(max_examples=6, stateful_step_count=20, deadline=None)
