"""Stores, compliance, scope and completeness: what is found, and what only looks like it."""

from typing import Any

import msgspec
import pytest
from tests.support.designs import ROOT
from tests.support.rules import (
    apis,
    entity,
    external,
    findings_of,
    internal,
    places_of,
    process,
    store,
)

from quaestor_shared.contracts.artifact import StorageKind
from quaestor_validator.domain.pages import page_of
from quaestor_validator.domain.personal_data import PERSONAL_DATA, may_be_personal, personal_kind
from quaestor_validator.domain.regions import areas_of, host_area, regions_in
from quaestor_validator.domain.rules import RULES
from quaestor_validator.domain.rules.base import NoOptions
from quaestor_validator.domain.technologies import DISTRIBUTED, kinds_of


def compliance(**changes: str) -> dict[str, str]:
    """Give what is kept to."""
    fixed = {"logging": "every access", "audit": "ISO27001", "residency": "EU", "notes": ""}
    return fixed | changes


PERSON = [entity("Person", "id", "email text unique")]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_options_stand_on_the_page_with_their_defaults(rule: Any) -> None:
    """Each option is named, and each default of it; a rule without options names none."""
    page = (ROOT / page_of(rule.code)).read_text("utf-8")
    options = msgspec.to_builtins(rule.options)
    assert ("Option" in page) is bool(options)
    for name, default in options.items():
        assert f"`{name}`" in page
        for value in default if isinstance(default, list | tuple) else (default,):
            shown = f"{value:g}" if isinstance(value, float) and value < 10_000 else value
            shown = f"{value:.0f}" if isinstance(value, float) and value >= 10_000 else shown
            assert f"{shown}" in page


def test_every_rule_without_options_has_the_same_none() -> None:
    """So that a configuration can refuse options for it."""
    plain = [rule for rule in RULES if type(rule.options) is NoOptions]
    assert len(RULES) - len(plain) == 5


def test_an_ignored_name_is_no_unknown_field() -> None:
    """The option takes names in any way of writing."""
    api = internal("A", "POST", examples={"POST": {"grandTotal": 1, "zebra": 2}})
    options = {"ignore": ["grand_total"]}
    (finding,) = findings_of("apis/unknown-field", options=options, apis=apis(api))
    assert finding.pointer.endswith("/zebra")


def test_a_table_of_large_blobs_is_told_from_a_hash() -> None:
    """The type tells, whatever its length; small ones are known by their names."""
    fields = (
        "id",
        "picture bytea",
        "sha256 bytea",
        "photo image",
        "raw varbinary(9999)",
        "blob text",
    )
    code = "storage/large-blob"
    assert places_of(code, entities=[entity("A", *fields)], storage=[store()]) == [
        f"/entities/0/fields/{i}" for i in (1, 3, 4)
    ]
    with_blob = [store(), store("blob", "S3")]
    assert places_of(code, entities=[entity("A", *fields)], storage=with_blob) == []


def test_only_records_can_be_kept_in_what_keeps_records() -> None:
    """A cache, a queue, a search store and blobs together are not enough."""
    kinds = ["cache", "queue", "search", "blob"]
    stores = [store(kind, "Redis") for kind in kinds]
    assert places_of("storage/nowhere-to-keep", storage=stores) == ["/storage"]
    assert places_of("storage/nowhere-to-keep", storage=[*stores, store("nosql", "X")]) == []


@pytest.mark.parametrize(
    "notes",
    ["TTL 5 min", "expires after an hour", "LRU", "invalidated by events", "15min, refreshed"],
)
def test_a_cache_that_says_when_is_fine(notes: str) -> None:
    """In any words."""
    stores = [store(), store("cache", "Redis", notes=notes)]
    assert places_of("storage/cache-without-expiry", storage=stores) == []


def test_a_cache_without_notes_is_found_at_the_store() -> None:
    """With notes that do not say it, at the notes; a word elsewhere is enough."""
    code = "storage/cache-without-expiry"
    stores = [store(), store("cache", "Redis"), store("cache", "Varnish", notes="fast")]
    assert places_of(code, storage=stores) == ["/storage/1", "/storage/2/notes"]
    assert places_of(code, storage=stores, assumptions=["events invalidate caches"]) == []


def test_a_search_is_promised_by_a_whole_word() -> None:
    """`ResearchAPI` searches nothing, and a store that says how it searches is enough."""
    code = "storage/search-without-store"
    all_ = apis(internal("ResearchAPI"), internal("/v1/recipes/search"), internal("SearchAPI"))
    plain = [store()]
    assert places_of(code, apis=all_, storage=plain) == [f"/apis/internal/{i}/name" for i in (1, 2)]
    for enough in (
        store("search", "X"),
        store(notes="tsvector index"),
        store(technology="Algolia search"),
    ):
        assert places_of(code, apis=all_, storage=[enough]) == []


def test_technologies_are_known_by_their_folded_names() -> None:
    """What is not known, or can be nearly anything, is left alone."""
    assert kinds_of("Amazon S3") == (StorageKind.BLOB,)
    assert kinds_of("mongo-db") == kinds_of("MongoDB")
    assert kinds_of("PostgreSQL") == kinds_of("Redis") == kinds_of("our own") == ()
    assert "dynamodb" in DISTRIBUTED
    wrong = [
        store("sql", "MongoDB"),
        store("nosql", "MongoDB"),
        store("cache", "S3"),
        store("sql", "X"),
    ]
    assert places_of("storage/foreign-technology", storage=wrong) == [
        "/storage/0/kind",
        "/storage/2/kind",
    ]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("email", "contact"),
        ("contactEmail", "contact"),
        ("EMAIL", "contact"),
        ("e_mail", "contact"),
        ("user-first-name", "name"),
        ("dateOfBirth", "birth"),
        ("address_line_2", "address"),
        ("IBAN", "payment"),
        ("ipAddress", "online"),
        ("blood_type", "special category"),
        ("passport_no", "identity"),
        ("licensePlate", "identity"),
        ("salary", "payment"),
        ("postcode", "address"),
        ("last_geolocation", "online"),
        ("salary_grade", None),
        ("key_fingerprint", None),
        ("email_template", None),
        ("email_sent_at", None),
        ("phone_verified", None),
        ("name", None),
        ("file_name", None),
        ("address", None),
        ("streetlight", None),
        ("", None),
    ],
)
def test_data_about_people_is_known_by_the_end_of_a_name(name: str, kind: str | None) -> None:
    """What goes on after it is about something else."""
    assert personal_kind(name) == kind
    assert may_be_personal(name) or kind is None


def test_the_page_lists_every_name_that_means_a_person() -> None:
    """By kind, as the code has them."""
    page = (ROOT / "docs/rules/compliance-personal-data-without-residency.md").read_text("utf-8")
    for kind, phrases in PERSONAL_DATA.items():
        assert f"| {kind} | {', '.join(phrases)} |" in page


def test_data_about_people_asks_for_residency_audit_and_retention() -> None:
    """Each where nothing is said; what is open is the matter of another rule."""
    codes = {
        "compliance/personal-data-without-residency": (
            {"residency": "none"},
            {"residency": "unknown"},
        ),
        "compliance/personal-data-without-audit": ({"audit": "-"}, {"audit": "unknown"}),
    }
    for code, (bad, good) in codes.items():
        (finding,) = findings_of(code, entities=PERSON, compliance=compliance(**bad))
        assert [r.pointer for r in finding.related] == ["/entities/0/fields/1"]
        assert places_of(code, entities=PERSON, compliance=compliance(**good)) == []
        assert places_of(code, entities=[entity()], compliance=compliance(**bad)) == []
    code = "compliance/personal-data-without-retention"
    assert places_of(code, entities=PERSON, compliance=compliance()) == ["/compliance"]
    erased = compliance(notes="erased on request")
    assert places_of(code, entities=PERSON, compliance=erased) == []


def test_card_codes_are_never_fine() -> None:
    """Numbers are, where PCI is spoken of; other cards are no payment cards."""
    fields = ("id", "card_number text", "cvv text", "cards_number int", "scorecard text")
    code = "compliance/card-data"
    payments = [entity("Payment", *fields)]
    assert places_of(code, entities=payments) == [f"/entities/0/fields/{i}" for i in (1, 2)]
    pci = compliance(audit="PCI DSS level 1")
    assert places_of(code, entities=payments, compliance=pci) == ["/entities/0/fields/2"]


def test_a_password_that_is_said_to_be_hashed_is_fine() -> None:
    """In its name, type or constraints."""
    fields = (
        "password text",
        "userPassword",
        "password_hash text",
        "password argon2",
        "passport text",
    )
    places = places_of("compliance/plain-password", entities=[entity("A", *fields)])
    assert places == ["/entities/0/fields/0", "/entities/0/fields/1"]


@pytest.mark.parametrize(
    ("logging", "audit", "found"),
    [
        ("errors to stdout", "ISO27001", True),
        ("none", "SOC 2 Type II", True),
        ("JSON", "pci-dss", True),
        ("audit log", "ISO27001", False),
        ("All access logged", "HIPAA", False),
        ("who changed what", "ISO/IEC 27001", False),
        ("errors", "internal review", False),
        ("errors", "unknown", False),
    ],
)
def test_a_standard_needs_a_log_of_who_did_what(logging: str, audit: str, *, found: bool) -> None:
    """Other audits are left to those who ask for them."""
    changed = compliance(logging=logging, audit=audit)
    places = places_of("compliance/audit-without-logging", compliance=changed)
    assert places == (["/compliance/logging"] if found else [])


@pytest.mark.parametrize(
    ("residency", "areas"),
    [
        ("EU", {"EU"}),
        ("Germany and Switzerland", {"EU", "Switzerland"}),
        ("US", {"USA"}),
        ("us", {"USA"}),
        ("EU, tell us if that changes", {"EU"}),
        ("global, no restriction", set()),
        ("wherever it is cheap", set()),
        ("Neuropean", set()),
    ],
)
def test_a_residency_names_areas(residency: str, areas: set[str]) -> None:
    """Countries and cities lie in theirs; what is not restricted names none."""
    assert areas_of(residency) == areas


@pytest.mark.parametrize(
    ("text", "regions"),
    [
        ("S3 in eu-central-1", [("eu-central-1", "EU")]),
        ("eu-west-2, europe-west6", [("eu-west-2", "UK"), ("europe-west6", "Switzerland")]),
        ("us-gov-west-1 and eastus2", [("us-gov-west-1", "USA"), ("eastus2", "USA")]),
        ("norwayeast", [("norwayeast", "EU")]),
        ("ap-southeast-3", [("ap-southeast-3", "another area")]),
        ("menus-east-1 cause-west", []),
    ],
)
def test_a_region_lies_in_an_area(text: str, regions: list[tuple[str, str]]) -> None:
    """By the names that the large clouds give them."""
    assert list(regions_in(text)) == regions


def test_a_host_may_show_its_area() -> None:
    """By a label of its own; the country at the end is no place of a machine."""
    assert host_area("api.eu.example.com") == "EU"
    assert host_area("us-api.example.com") == "USA"
    assert host_area("example.us") is None
    assert host_area("museum.example.com") is None


def test_data_leaves_its_area_at_every_place_that_names_a_region() -> None:
    """Endpoints, stores and scaling; a residency that allows it is fine."""
    changes: dict[str, Any] = {
        "apis": apis(
            external(endpoint="https://api.us.stripe.com"), external("B", "https://eu.b.com")
        ),
        "storage": [store(notes="eu-west-1"), store("blob", "S3 us-east-1")],
        "scaling": {"strategy": "pods", "notes": "replica in ap-south-1"},
    }
    code = "compliance/region-outside"
    assert places_of(code, compliance=compliance(), **changes) == [
        "/apis/external/0/endpoint",
        "/storage/1/technology",
        "/scaling/notes",
    ]
    wide = compliance(residency="EU, US and India")
    assert places_of(code, compliance=wide, **changes) == []
    assert places_of(code, compliance=compliance(residency="global"), **changes) == []


def test_a_provider_that_the_notes_name_is_accounted_for() -> None:
    """So is one whose endpoint shows a region, and any without data about people."""
    code = "compliance/provider-without-region"
    all_ = apis(external("Stripe"), external("Maps", "https://eu.maps.com"), external("Mail"))
    changes: dict[str, Any] = {"apis": all_, "entities": PERSON}
    (finding,) = findings_of(code, compliance=compliance(notes="stripe gets no names"), **changes)
    assert finding.pointer == "/apis/external/2/provider"
    told = compliance(notes="Stripe and Mail keep it in the EU")
    assert places_of(code, compliance=told, **changes) == []
    assert places_of(code, compliance=compliance(), apis=all_, entities=[entity()]) == []


@pytest.mark.parametrize(
    ("code", "text", "dependency"),
    [
        ("scope/frontend", "renders the React page", "frontend.json"),
        ("scope/identity", "handles MFA and password reset", "auth-service"),
        ("scope/infrastructure", "applies Terraform to the VPC", "platform.md"),
    ],
)
def test_a_decision_of_others_is_found_unless_they_are_named(
    code: str, text: str, dependency: str
) -> None:
    """Only whole words count, and only what processes and APIs are said to do."""
    changes: dict[str, Any] = {"processes": [process(description=f"nightly; {text}")]}
    assert places_of(code, dependencies=["research.json"], **changes) == [
        "/processes/0/description"
    ]
    assert places_of(code, dependencies=[dependency], **changes) == []
    innocent = [process(description="reacts to vuelta, helmets and dnssec; cascading")]
    assert places_of(code, dependencies=[], processes=innocent) == []
    assert places_of(code, dependencies=[], assumptions=[text]) == []


def test_a_key_is_recognised_by_name_or_constraint() -> None:
    """It is said once, the other entities are related."""
    entities = [
        entity("A", "uuid"),
        entity("B", "order_number text"),
        entity("C", "name text unique"),
        entity("D", "a int pk"),
        entity("E", "when date", "value int"),
        entity("F", "value int"),
        entity("G"),
    ]
    (finding,) = findings_of("completeness/no-key", entities=entities)
    assert finding.pointer == "/entities/4/fields"
    assert [r.pointer for r in finding.related] == ["/entities/5/fields"]
    assert places_of("completeness/no-fields", entities=entities) == ["/entities/6/fields"]


def test_a_contract_is_one_example_for_each_api_that_is_sent_something() -> None:
    """Reading needs none."""
    all_ = apis(
        internal("A", "GET", "DELETE"),
        internal("B", "POST", "PUT", examples={"PUT": {"id": 1}}),
        internal("C", "PATCH", examples={"GET": {"id": 1}}),
        internal("D", "POST"),
    )
    (finding,) = findings_of("completeness/no-contract", apis=all_)
    assert finding.pointer == "/apis/internal/2/payload_examples"
    assert [r.pointer for r in finding.related] == ["/apis/internal/3/payload_examples"]


def test_one_word_anywhere_settles_what_is_asked_of_the_whole_design() -> None:
    """Who may call, how often, and what happens when others fail."""
    all_ = apis(internal("A"), external("Stripe"))
    bare: dict[str, Any] = {
        "apis": all_,
        "dependencies": [],
        "assumptions": [],
        "open_questions": [],
    }
    for code, place, words in (
        ("completeness/no-authentication", "/apis/internal", "callers show an API key"),
        ("completeness/no-rate-limit", "/apis/internal", "a quota for each tenant"),
        ("completeness/no-failure-plan", "/apis/external", "a timeout of 2 s"),
    ):
        assert places_of(code, **bare) == [place]
        assert places_of(code, **(bare | {"assumptions": [words]})) == []
    limited = apis(internal("A", sla="100 requests/min"), external("Stripe"))
    assert places_of("completeness/no-rate-limit", **(bare | {"apis": limited})) == []


def test_an_assumption_about_others_names_them_as_a_dependency() -> None:
    """One finding an assumption; those about the world need none."""
    assumptions = ["the identity service gives OIDC tokens", "US-only rollout", "research holds"]
    code = "completeness/unlisted-dependency"
    places = places_of(code, assumptions=assumptions, dependencies=["research.json"])
    assert places == ["/assumptions/0"]
    listed = ["research.json", "identity.json"]
    assert places_of(code, assumptions=assumptions, dependencies=listed) == []


def test_a_placeholder_is_found_where_a_decision_stands() -> None:
    """Alone or among other words in capitals; a question may be open, an example is data."""
    places = places_of(
        "openness/placeholder",
        scaling={"strategy": "tbd."},
        processes=[process(description="nightly, TODO which")],
        assumptions=["?", "a to do list is kept", "todo lists are shared", "unknown", "..."],
        open_questions=["TBD", "which TODO?"],
        apis=apis(internal("A", "POST", examples={"POST": "TBD"})),
    )
    assert sorted(places) == [
        "/assumptions/0",
        "/assumptions/4",
        "/processes/0/description",
        "/scaling/strategy",
    ]
