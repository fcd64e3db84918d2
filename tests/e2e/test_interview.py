"""An interview through the gateway, from its first question to two stored files."""

import hashlib
import json
import threading
from concurrent.futures import ThreadPoolExecutor

from markdown_it import MarkdownIt
from tests.support.http import Http, Reply
from tests.support.interviews import COMPLETE


def test_create(api: Http, feature: str) -> None:
    """A new session answers 201 with its place, its version, and the first questions."""
    reply = api.post("/v1/sessions", {"feature_id": feature})
    assert reply.status == 201
    assert reply.headers["location"] == f"/v1/sessions/{reply.data['id']}"
    assert reply.headers["etag"] == '"1"'
    assert reply.data["state"] == "in_progress"
    assert reply.data["questions"][0]["number"] == "1.1"
    again = api.get(reply.headers["location"])
    assert again.data == reply.data


def test_second_create(api: Http, feature: str, session: str) -> None:
    """A feature has one session; a second create is 409 and names the first."""
    reply = api.post("/v1/sessions", {"feature_id": feature})
    assert reply.status == 409
    assert reply.error["code"] == "CONFLICT"
    assert reply.error["meta"]["existing_id"] == session


def test_turn_by_turn(api: Http, session: str) -> None:
    """Each answer opens the questions that follow from it, and raises the version."""
    first = api.turn(session, "1.1: User, Plan")
    assert [q["number"] for q in first.data["questions"]] == ["1.2.1", "1.2.2", "1.3.1", "1.3.2"]
    assert (first.data["version"], first.headers["etag"]) == (2, '"2"')
    second = api.turn(session, "id uuid pk -> Plan")
    assert [a["question"] for a in second.data["accepted"]] == ["1.2.1"]
    draft = api.get(f"/v1/sessions/{session}/draft").data
    assert draft["design"]["entities"][0]["relationships"] == ["Plan"]
    assert draft["provenance"]["/entities/0/fields"]["question"] == "1.2.1"
    assert draft["provenance"]["/entities/0/fields"]["version"] == 3


def test_refused_turn(api: Http, session: str) -> None:
    """A turn of which nothing can be taken is 422 with place and example; nothing changed."""
    before = api.get(f"/v1/sessions/{session}")
    reply = api.turn(session, "5.2: metrics a; b")
    assert reply.status == 422
    (detail,) = reply.error["details"]
    assert (detail["field"], detail["position"]) == ("5.2", 11)
    assert detail["example"].startswith("metrics ")
    assert api.get(f"/v1/sessions/{session}").data == before.data


def test_if_match(api: Http, session: str) -> None:
    """A turn against an older version is 412 and says which one is current."""
    assert api.turn(session, "4.3: pods", If_Match='"1"').status == 200
    late = api.turn(session, "4.3: more pods", If_Match='"1"')
    assert late.status == 412
    assert late.error["meta"]["current_version"] == 2
    assert late.headers["etag"] == '"2"'
    assert api.turn(session, "4.3: more pods", If_Match='"2"').status == 200


def test_two_clients_at_once(api: Http, session: str) -> None:
    """Answers of many clients at once all land; none is lost."""
    numbers = ["4.2", "4.3", "5.1", "5.2", "5.3", "6.1", "6.2", "1.1"]
    gate = threading.Barrier(len(numbers))

    def answer(number: str) -> Reply:
        gate.wait()
        return api.turn(session, f"{number}: {COMPLETE[number].replace('skip', 'none needed')}")

    with ThreadPoolExecutor(len(numbers)) as pool:
        replies = list(pool.map(answer, numbers))
    assert [r.status for r in replies] == [200] * len(numbers)
    answers = {a["question"] for a in api.get(f"/v1/sessions/{session}").data["answers"]}
    assert answers == set(numbers)


def test_one_winner_with_if_match(api: Http, session: str) -> None:
    """Of clients that all saw the same version, one is taken and the others get 412."""
    gate = threading.Barrier(6)

    def answer(number: int) -> int:
        gate.wait()
        return api.turn(session, f"4.3: pods {number}", If_Match='"1"').status

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(answer, range(6))) == [200, 412, 412, 412, 412, 412]


def test_finalize_too_early(api: Http, session: str) -> None:
    """Finalize before the end is 409 with every missing question by number."""
    reply = api.turn(session, "1.1: User", '"finalize".')
    assert reply.status == 409
    assert reply.error["code"] == "INTERVIEW_INCOMPLETE"
    fields = [detail["field"] for detail in reply.error["details"]]
    assert fields[:3] == ["1.2.1", "1.3.1", "2.1"]
    assert "1.1" not in fields


def test_finalize(api: Http, feature: str, answered: str) -> None:
    """Finalize gives Markdown, then JSON, then ideas; both are stored as they were given."""
    reply = api.turn(answered, "Finalize")
    outcome = reply.data["finalization"]
    document, artifact = outcome["files"]
    assert document["path"] == f"design/docs/{feature}.md"
    assert artifact["path"] == "design/backend.json"
    assert [f["media_type"].split(";")[0] for f in outcome["files"]] == [
        "text/markdown",
        "application/json",
    ]
    for file in outcome["files"]:
        digest = hashlib.sha256(file["content"].encode()).hexdigest()
        assert file["digest"] == f"sha256:{digest}"
        stored = api.get(file["url"])
        assert stored.body.decode() == file["content"]
        assert stored.headers["etag"].strip('"') == file["digest"]
    assert outcome["improvements"] != []
    verdict = api.post("/v1/validate", {"instance": json.loads(artifact["content"])})
    assert verdict.data["valid"] is True
    assert api.get(f"/v1/sessions/{answered}").data["state"] == "finalized"


def test_finalize_twice(api: Http, answered: str) -> None:
    """Finalizing again without changes gives the same versions; a change gives new ones."""
    place = f"/v1/sessions/{answered}/finalizations"
    first, again = api.post(place, None), api.post(place, None)
    assert (first.status, again.status) == (201, 200)
    assert first.data["files"] == again.data["files"]
    assert (first.data["label"], again.data["created"]) == ("1.0.0", False)
    api.turn(answered, "5.3: US")
    third = api.post(place, None)
    assert (third.status, third.data["label"]) == (201, "1.1.0")
    assert [f["version"] for f in third.data["files"]] == [2, 2]
    assert api.get(first.data["files"][1]["url"]).body.decode() == first.data["files"][1]["content"]


def test_finalize_at_once(api: Http, answered: str) -> None:
    """Many who finalize at once get the same versions, and one of them made them."""
    gate = threading.Barrier(5)

    def finalize(_number: int) -> Reply:
        gate.wait()
        return api.post(f"/v1/sessions/{answered}/finalizations", None)

    with ThreadPoolExecutor(5) as pool:
        replies = list(pool.map(finalize, range(5)))
    assert sorted(r.status for r in replies) == [200, 200, 200, 200, 201]
    assert len({json.dumps(r.data["files"]) for r in replies}) == 1


def test_markdown(api: Http, answered: str) -> None:
    """With `Accept: text/markdown` the reply is the fenced blocks and nothing else."""
    reply = api.turn(answered, "Finalize", Accept="text/markdown")
    assert reply.headers["content-type"].startswith("text/markdown")
    tokens = MarkdownIt().parse(reply.body.decode())
    assert [(t.type, t.info) for t in tokens] == [
        ("fence", "md"),
        ("fence", "json"),
        ("fence", "text"),
    ]
    assert json.loads(tokens[1].content)["version"] == "1.0.0"


def test_document_of_many_authors(api: Http, feature: str, answered: str) -> None:
    """What others wrote into the document stays, byte for byte, through every Finalize."""
    path = f"design/docs/{feature}.md"
    theirs = "# Meal planner\r\n\r\nWritten by others.  \r\n"
    create = {"feature_id": feature, "path": path, "media_type": "text/markdown", "text": theirs}
    assert api.post("/v1/artifacts", create).status == 201
    place = f"/v1/sessions/{answered}/finalizations"
    first = api.post(place, None).data["files"][0]
    assert first["content"].startswith(theirs)
    more = first["content"] + "\n## Frontend\n<!-- HUMAN_DOC_START -->\nx\n"
    assert api.post("/v1/artifacts", {**create, "text": more}).status == 201
    again = api.post(place, None)
    assert again.data["files"][0]["content"] == more
    api.turn(answered, "5.3: US only")
    second = api.post(place, None).data["files"][0]["content"]
    start, end = "<!-- HUMAN_DOC_START -->\n\n## Backend Design", "<!-- HUMAN_DOC_END -->"
    assert second.split(start)[0] == more.split(start)[0]
    assert second.split(end)[1] == more.split(end)[1]
    assert "US only" in second


def test_delete(api: Http, feature: str, session: str) -> None:
    """A deleted session is gone, and its feature can be interviewed anew."""
    assert api.send("DELETE", f"/v1/sessions/{session}").status == 200
    assert api.get(f"/v1/sessions/{session}").status == 404
    assert api.turn(session, "1.1: A").status == 404
    assert api.post("/v1/sessions", {"feature_id": feature}).status == 201


def test_list(api: Http, feature: str, session: str) -> None:
    """Sessions are listed newest first, page by page."""
    other = api.post("/v1/sessions", {"feature_id": f"{feature}-b"}).data["id"]
    first = api.get("/v1/sessions?limit=1")
    assert [s["id"] for s in first.data] == [other]
    assert 'rel="next"' in first.headers["link"]
    cursor = first.json["meta"]["pagination"]["next"]
    second = api.get(f"/v1/sessions?limit=1&cursor={cursor}")
    assert [s["id"] for s in second.data] == [session]
    mine = api.get(f"/v1/sessions?feature_id={feature}")
    assert [s["feature_id"] for s in mine.data] == [feature]
