"""APIs, ours and those of others: what is found, and what only looks like it."""

from typing import Any

import pytest
from tests.support.rules import apis, entity, external, findings_of, internal, places_of, process


def test_a_method_that_stands_twice_can_be_left_out() -> None:
    """The patch is safe, and first looks whether it is still there."""
    methods = ("GET", "POST", "GET", "GET")
    findings = findings_of("apis/duplicate-method", apis=apis(internal("A", *methods)))
    assert [f.pointer for f in findings] == [f"/apis/internal/0/methods/{i}" for i in (2, 3)]
    assert all(f.fix and f.fix.safe and f.fix.patch[0].op == "test" for f in findings)


def test_an_api_without_a_method_is_found() -> None:
    """It is found at its methods."""
    api = {**internal("A"), "methods": []}
    assert places_of("apis/no-methods", apis=apis(api)) == ["/apis/internal/0/methods"]


def test_a_method_in_lower_case_can_be_moved_unless_its_place_is_taken() -> None:
    """Moving over another example would lose that one."""
    code = "apis/payload-method"
    (free,) = findings_of(code, apis=apis(internal("A", "POST", examples={"post": 1})))
    assert free.did_you_mean == "POST"
    assert free.fix is not None
    assert free.fix.safe
    (operation,) = free.fix.patch
    assert (operation.op, operation.from_, operation.path) == (
        "move",
        "/apis/internal/0/payload_examples/post",
        "/apis/internal/0/payload_examples/POST",
    )
    (taken,) = findings_of(code, apis=apis(internal("A", "POST", examples={"post": 1, "POST": 2})))
    assert taken.fix is not None
    assert (taken.fix.patch, taken.fix.safe) == ((), False)


def test_one_word_on_idempotency_is_enough() -> None:
    """It may stand in a field, in an example or in any text; without POST none is needed."""
    code = "apis/no-idempotency"
    post = apis(internal("A", "GET", "POST"), internal("B", "POST"))
    (finding,) = findings_of(code, apis=post)
    assert finding.pointer == "/apis/internal/0/methods/1"
    assert [r.pointer for r in finding.related] == ["/apis/internal/1/methods/0"]
    assert places_of(code, apis=apis(internal("A", "GET", "PUT", "DELETE"))) == []
    assert places_of(code, apis=post, entities=[entity("A", "idempotency_key uuid")]) == []
    assert places_of(code, apis=post, assumptions=["POST is idempotent by client id"]) == []
    example = {"POST": {"Idempotency-Key": "<uuid>"}}
    assert places_of(code, apis=apis(internal("A", "POST", examples=example))) == []


def test_only_paths_need_a_version() -> None:
    """A name is no path, and a version may stand anywhere in one."""
    names = ("/api/plans", "/v1/plans", "/api/v2", "/api/v1.1/x", "MealPlanAPI", "/apiv1/x")
    places = places_of("apis/unversioned", apis=apis(*map(internal, names)))
    assert places == ["/apis/internal/0/name", "/apis/internal/5/name"]


def test_an_empty_example_for_head_is_none() -> None:
    """Only what would be sent is found."""
    code = "apis/bodyless-example"
    nothing: tuple[Any, ...] = (None, {}, [], "")
    for empty in nothing:
        api = internal("A", "HEAD", examples={"HEAD": empty})
        assert places_of(code, apis=apis(api)) == []
    api = internal("A", "HEAD", examples={"HEAD": {"id": 1}})
    assert places_of(code, apis=apis(api)) == ["/apis/internal/0/payload_examples/HEAD"]


def unknown(payload: Any, *fields: str) -> list[tuple[str, str | None]]:
    """Give pointer and suggestion of each unknown member."""
    api = internal("A", "POST", examples={"POST": payload})
    found = findings_of("apis/unknown-field", apis=apis(api), entities=[entity("Order", *fields)])
    root = "/apis/internal/0/payload_examples/POST"
    return [(f.pointer.removeprefix(root), f.did_you_mean) for f in found]


def test_members_of_examples_are_fields_in_any_way_of_writing() -> None:
    """Case, separators and a plural do not matter; entities and envelopes are known."""
    fields = ("id", "unit_price numeric", "tag text")
    assert (
        unknown({"unitPrice": 1, "Tags": [], "order": {}, "orders": [], "order_id": 1}, *fields)
        == []
    )
    assert (
        unknown({"data": [{"page": 1, "has_more": True, "id": 1}], "next_cursor": "x"}, *fields)
        == []
    )


def test_an_unknown_member_is_found_once_at_its_first_place() -> None:
    """However deep, with the name that was probably meant."""
    payload = {"items": [{"unit_prise": 1, "zebra": 2}, {"unit_prise": 3}]}
    assert unknown(payload, "id", "unit_price") == [
        ("/items/0/unit_prise", "unit_price"),
        ("/items/0/zebra", None),
    ]


def test_the_method_of_an_example_is_no_member() -> None:
    """A member that is named like it is found where it stands."""
    assert unknown({"items": {"POST": 1}}, "id") == [("/items/POST", None)]


@pytest.mark.parametrize(
    "name", ["password", "passwordHash", "client_secret", "card_cvv", "hashed_password", "PIN"]
)
def test_an_answer_that_shows_a_secret_is_found(name: str) -> None:
    """Also as a hash, and inside a list."""
    api = internal("A", examples={"GET": {"items": [{name: "x"}]}})
    place = f"/apis/internal/0/payload_examples/GET/items/0/{name}"
    assert places_of("apis/exposed-secret", apis=apis(api)) == [place]


def test_what_is_sent_may_have_a_password() -> None:
    """Only answers to GET are meant, and only names that end with a secret."""
    sent = internal("A", "POST", examples={"POST": {"password": "<password>"}})
    fine = internal("B", examples={"GET": {"password_set_at": "x", "secretary": "y", "hash": "z"}})
    assert places_of("apis/exposed-secret", apis=apis(sent, fine)) == []


@pytest.mark.parametrize(
    "limit", ["50 requests/min", "100 rps", "10k per day", "unlimited", "unknown"]
)
def test_a_rate_limit_can_be_read(limit: str) -> None:
    """As can one that there is not."""
    api = external(rate_limits=limit)
    assert places_of("external/unreadable-rate-limit", apis=apis(api)) == []
    assert places_of("external/no-rate-limit", apis=apis(api)) == []


def test_what_is_missing_of_an_external_api_is_found_where_it_belongs() -> None:
    """At the API where there is no member, at the member where it says nothing."""
    both = apis(external(), external("B", rate_limits="none", sla="-"))
    assert places_of("external/no-rate-limit", apis=both) == [
        "/apis/external/0",
        "/apis/external/1/rate_limits",
    ]
    assert places_of("external/no-sla", apis=both) == ["/apis/external/0", "/apis/external/1/sla"]


@pytest.mark.parametrize(
    ("endpoint", "better"),
    [
        ("http://api.stripe.com/v1", "https://api.stripe.com/v1"),
        ("HTTP://api.stripe.com", "https://api.stripe.com"),
        ("ws://feed.stripe.com", "wss://feed.stripe.com"),
    ],
)
def test_an_endpoint_without_tls_has_a_better_one(endpoint: str, better: str) -> None:
    """The patch is not safe: nobody knows whether the provider answers there."""
    (finding,) = findings_of("external/insecure-endpoint", apis=apis(external(endpoint=endpoint)))
    assert finding.did_you_mean == better
    assert finding.fix is not None
    assert (finding.fix.patch[1].value, finding.fix.safe) == (better, False)


@pytest.mark.parametrize(
    ("endpoint", "private"),
    [
        ("http://localhost:8080", True),
        ("https://10.1.2.3/x", True),
        ("https://[::1]/", True),
        ("https://billing.internal/v1", True),
        ("https://api.stripe.com", False),
        ("https://8.8.8.8/dns", False),
        ("see the handbook", False),
        ("https://[broken", False),
        ("unknown", False),
    ],
)
def test_a_private_endpoint_is_told_from_a_public_one(endpoint: str, *, private: bool) -> None:
    """A private one is not found a second time for its scheme."""
    api = apis(external(endpoint=endpoint))
    assert bool(places_of("external/private-endpoint", apis=api)) is private
    assert places_of("external/insecure-endpoint", apis=api) == []


def test_a_secret_is_found_in_texts_and_endpoints_and_not_shown() -> None:
    """In the middle of a sentence, too; a placeholder elsewhere in it does not hide it."""
    key = "AKIA" + "Q7ZT2MW9XK4VB8NR"
    url = "https://app:" + "s3cr3tpw@api.stripe.com"
    findings = findings_of(
        "compliance/secret-in-text",
        apis=apis(external(endpoint=url)),
        assumptions=[f"for example with your key {key}, or <another>"],
        processes=[process(description=f"nightly; key {key[:10]}EXAMPLE")],
    )
    assert [f.pointer for f in findings] == ["/apis/external/0/endpoint", "/assumptions/0"]
    assert not any(key in str(f) or "s3cr3tpw" in str(f) for f in findings)
