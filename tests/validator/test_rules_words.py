"""A word counts where it stands as a whole, and what a rule advises settles it."""

from typing import Any

import pytest
from tests.support.rules import apis, entity, internal, places_of, process, store

from quaestor_validator.domain.words import Phrases

OPEN: dict[str, Any] = {"dependencies": [], "assumptions": [], "open_questions": []}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("auth", True),
        ("the auth-service", True),
        ("UserAuthAPI", True),
        ("user_auth", True),
        ("AUTH", True),
        ("Authenticated", True),
        ("authors.json", False),
        ("co-author", False),
        ("Oauthor", False),
        ("authä", False),
        ("", False),
    ],
)
def test_a_phrase_is_found_as_whole_words(text: str, *, found: bool) -> None:
    """Also inside of a name with capitals or `_`; one with `*` may go on."""
    assert Phrases("auth, authent*").stand_in(text) is found


@pytest.mark.parametrize(
    ("code", "text", "lookalike", "named"),
    [
        ("scope/infrastructure", "applies Terraform", "shops.json", "DevOps.json"),
        ("scope/frontend", "renders the React page", "equipment.json", "ui.json"),
        ("scope/identity", "handles MFA", "authors.json", "AuthService"),
    ],
)
def test_a_dependency_is_named_for_others_by_a_whole_word(
    code: str, text: str, lookalike: str, named: str
) -> None:
    """A shop has no ops in it, equipment no ui, and an author no auth."""
    changes: dict[str, Any] = {"processes": [process(description=f"nightly; {text}")]}
    assert places_of(code, dependencies=[lookalike], **changes) == ["/processes/0/description"]
    assert places_of(code, dependencies=[named], **changes) == []


@pytest.mark.parametrize(
    "text", ["each recipe has one author", "the diameter is in mm", "tokenised", "blogins"]
)
def test_who_may_call_is_told_by_whole_words(text: str) -> None:
    """Neither an author nor a diameter says who may call."""
    code = "completeness/no-authentication"
    changes = OPEN | {"apis": apis(internal("A"))}
    assert places_of(code, **(changes | {"assumptions": [text]})) == ["/apis/internal"]
    assert places_of(code, **(changes | {"dependencies": ["authors.json"]})) == ["/apis/internal"]
    assert places_of(code, **(changes | {"dependencies": ["auth.json"]})) == []


def test_what_expires_in_a_cache_deletes_nothing() -> None:
    """A store that keeps data and says so does."""
    code = "compliance/personal-data-without-retention"
    person: dict[str, Any] = {"entities": [entity("Person", "id", "email text")], **OPEN}
    person["compliance"] = {"logging": "all", "audit": "ISO27001", "residency": "EU", "notes": ""}
    cached = [store(), store("cache", "Redis", notes="TTL 5 min")]
    kept = [store(notes="rows expire after a year")]
    assert places_of(code, storage=cached, **person) == ["/compliance"]
    assert places_of(code, storage=kept, **person) == []


@pytest.mark.parametrize(
    ("check", "live", "ready"),
    [
        ("already running", False, False),
        ("uploads", False, False),
        ("backup", False, False),
        ("last back-up", False, False),
        ("process up", True, False),
        ("isReady", False, True),
    ],
)
def test_a_health_check_is_known_by_whole_words(check: str, *, live: bool, ready: bool) -> None:
    """`already` is not ready, and an upload or a backup is not up."""
    seen = {"metrics": ["latency"], "health_checks": [check], "traces": []}
    assert (places_of("observability/no-liveness", observability=seen) == []) is live
    assert (places_of("observability/no-readiness", observability=seen) == []) is ready
