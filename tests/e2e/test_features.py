"""A feature that is deleted, brought back and purged, as an interview about it sees it."""

from tests.support.http import Http


def test_a_deleted_feature(api: Http, feature: str, session: str) -> None:
    """Its session says why it is gone, no other begins, and it goes on when all is back."""
    address = f"/v1/features/{feature}"
    assert api.get(address).data["journals"] == 1
    assert api.send("DELETE", address).status == 200
    read, turn = api.get(f"/v1/sessions/{session}"), api.turn(session, "1.1: A, B")
    anew = api.post("/v1/sessions", {"feature_id": feature})
    assert [reply.status for reply in (read, turn, anew)] == [404, 404, 409]
    for reply in (read, turn, anew):
        assert f"POST {address}/restorations brings it back" in reply.error["message"]
        assert "location" not in reply.headers
    assert api.post(f"{address}/restorations", None).status == 200
    assert api.turn(session, "1.1: A, B").data["accepted"][0]["question"] == "1.1"


def test_a_deleted_feature_that_a_turn_has_not_seen(api: Http, feature: str, session: str) -> None:
    """A turn on a session that was just answered is refused by the store itself."""
    address = f"/v1/features/{feature}"
    assert api.turn(session, "1.1: A, B").status == 200
    api.send("DELETE", address)
    turn = api.turn(session, "1.1: C")
    assert (turn.status, turn.error["code"]) == (409, "CONFLICT")
    assert f"POST {address}/restorations brings it back" in turn.error["message"]


def test_a_purged_feature(api: Http, feature: str, answered: str) -> None:
    """A purge ends the session, takes what Finalize stored, and leaves the id taken."""
    assert api.post(f"/v1/sessions/{answered}/finalizations", None).status in (200, 201)
    address = f"/v1/features/{feature}"
    (artifact, *_) = api.get(f"/v1/artifacts?feature_id={feature}").data
    api.send("DELETE", address)
    purged = api.post(f"{address}/purges", None)
    assert (purged.data["artifacts"], purged.data["journals"]) == (2, 1)
    assert api.get(f"/v1/artifacts/{artifact['id']}").status == api.get(address).status == 410
    assert api.get(f"/v1/sessions/{answered}").status == 404
    assert api.post("/v1/sessions", {"feature_id": feature}).status == 409
