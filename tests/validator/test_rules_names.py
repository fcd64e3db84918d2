"""References, names and entities: what is found, and what only looks like it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.rules import apis, entity, findings_of, internal, places_of, process, store

from quaestor_validator.domain.cycles import cycles
from quaestor_validator.domain.nearest import Nearest
from quaestor_validator.domain.rules import references
from quaestor_validator.domain.words import folded, folded_all, is_nothing, is_open, tokens

_NAMES = st.text(st.sampled_from("aAbß _-\0é"), max_size=6)


@given(st.lists(_NAMES))
def test_many_names_fold_as_each_one_does(names: list[str]) -> None:
    """Folding at once is only quicker."""
    assert folded_all(names) == [folded(name) for name in names]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("MealPlan_id", ("meal", "plan", "id")),
        ("HTTPServer2", ("http", "server", "2")),
        ("e-mail", ("e", "mail")),
        ("größeÄndern", ("größe", "ändern")),
        ("日本語", ("日本語",)),
        ("", ()),
    ],
)
def test_a_name_is_made_of_words(name: str, words: tuple[str, ...]) -> None:
    """Case, digits and separators part them."""
    assert tokens(name) == words


def test_texts_that_say_nothing_and_texts_that_are_open_are_told_apart() -> None:
    """None needed is an answer; to be decided is none."""
    assert all(map(is_nothing, ("", " ", "None.", "n/a", "-", "\u2014")))
    assert all(map(is_open, ("unknown", "TBD", "to be decided.", "???", "...")))
    assert not any(map(is_nothing, ("unknown", "no logs of reads", "x")))
    assert not any(map(is_open, ("none", "a to do list", "x")))


def test_the_same_name_in_another_way_is_recognised_for_sure() -> None:
    """A close one is a guess, and a fold that two names share is none."""
    nearest = Nearest(["MealPlan", "User", "user"])
    assert (nearest.same("meal_plan"), nearest.to("meal_plan")) == ("MealPlan", "MealPlan")
    assert (nearest.same("MealPlam"), nearest.to("MealPlam")) == (None, "MealPlan")
    assert nearest.same("USER") is None
    assert nearest.to("Zebra") is None


def test_a_suggestion_ends_somewhere() -> None:
    """After twenty names without one, only sure ones are suggested."""
    nearest = Nearest(["MealPlan"])
    for _ in range(20):
        nearest.to("Zebra")
    assert nearest.to("MealPlam") is None
    assert nearest.to("meal-plan") == "MealPlan"


def test_a_misspelt_relationship_can_be_mended() -> None:
    """The patch is safe only where case and separators alone differ."""
    entities = [entity("MealPlan"), entity("User", to=("mealplan", "MealPlam"))]
    same, close = findings_of("references/unknown-entity", entities=entities)
    assert same.fix is not None
    assert close.fix is not None
    assert (same.did_you_mean, same.fix.safe) == ("MealPlan", True)
    assert (close.did_you_mean, close.fix.safe) == ("MealPlan", False)
    assert [operation.op for operation in same.fix.patch] == ["test", "replace"]


def test_a_repeated_reference_is_found_at_the_later_place() -> None:
    """Another letter case is another reference."""
    entities = [entity("A", to=("B", "B", "b")), entity("B")]
    (finding,) = findings_of("references/duplicate", entities=entities, dependencies=["x", "X"])
    assert finding.pointer == "/entities/0/relationships/1"
    assert finding.related[0].pointer == "/entities/0/relationships/0"
    assert finding.fix is not None
    assert finding.fix.safe


def test_a_relationship_from_either_side_declares_a_key() -> None:
    """Which side it stands on is the author's matter; an entity may point at itself."""
    code = "references/undeclared"
    order = entity("Order", "id", "customer_id uuid", "order_id uuid")
    assert places_of(code, entities=[order, entity("Customer", to=("has many Order",))]) == []
    assert places_of(code, entities=[order, entity("Customer")]) == ["/entities/0/fields/1"]
    camel = entity("Order", "customerId uuid", "paid boolean", "external_id text")
    assert places_of(code, entities=[camel, entity("Customer")]) == ["/entities/0/fields/0"]


def test_relationships_are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many fields point at entities, a rule reads what stands in relationships once."""
    read = list[str]()

    class Words:
        def findall(self, text: str) -> list[str]:
            read.append(text)
            return text.split()

    monkeypatch.setattr(references, "_WORDS", Words())
    hub = entity("Hub", *(f"other{i}_id uuid" for i in range(20)), to=("nothing yet",))
    entities = [*(entity(f"Other{i}", "id uuid pk") for i in range(20)), hub]
    assert len(places_of("references/undeclared", entities=entities)) == 20
    assert read == ["nothing yet"] * 2  # two rules look there


def test_a_part_of_the_design_is_no_dependency() -> None:
    """Its file, its feature, its entities, APIs and processes are named as such."""
    dependencies = [
        "identity.json",
        "backend.json",
        "meal-planner-v1",
        "UserProfile",
        "MealPlanAPI",
    ]
    places = places_of("references/own-dependency", dependencies=dependencies)
    assert places == [f"/dependencies/{i}" for i in (1, 2, 3, 4)]


@pytest.mark.parametrize(
    "changes",
    [
        {"entities": [entity("Alone")]},
        {"entities": [entity("A", to=("Voucher",)), entity("Voucher")]},
        {"entities": [entity("Voucher", to=("A",)), entity("A")]},
        {"entities": [entity("A", "voucher_id uuid", to=("A",)), entity("Voucher")]},
        {
            "entities": [entity("A", to=("A",)), entity("Voucher")],
            "apis": apis(internal("Vouchers")),
        },
        {
            "entities": [entity("A", to=("A",)), entity("GiftVoucher")],
            "processes": [process(description="mails gift vouchers nightly")],
        },
        {
            "entities": [entity("A", to=("A",)), entity("Voucher")],
            "apis": apis(internal("B", "POST", examples={"POST": {"voucher": "v1"}})),
        },
        {
            "entities": [entity("A", to=("A",)), entity("Voucher")],
            "assumptions": ["no voucher yet"],
        },
    ],
)
def test_an_entity_that_anything_speaks_of_is_used(changes: dict[str, object]) -> None:
    """A mention anywhere is enough."""
    assert places_of("references/unused-entity", **changes) == []


def test_an_entity_that_nothing_speaks_of_is_found() -> None:
    """It is found at its name."""
    entities = [entity("A", to=("A",)), entity("GiftVoucher")]
    assert places_of("references/unused-entity", entities=entities) == ["/entities/1/name"]


def test_a_ring_of_required_fields_is_found_once() -> None:
    """Longer rings and an entity that needs itself are rings too; optional ones are not."""
    code = "references/required-cycle"
    ring = [
        entity("A", "id", "b_id uuid not null"),
        entity("B", "c_id uuid required"),
        entity("C", "a_id uuid NOT NULL"),
    ]
    (finding,) = findings_of(code, entities=ring)
    assert finding.pointer == "/entities/0/fields/1"
    assert [r.pointer for r in finding.related] == ["/entities/1/fields/0", "/entities/2/fields/0"]
    assert places_of(code, entities=[entity("Node", "node_id uuid not null")]) != []
    assert places_of(code, entities=[entity("Node", "node_id uuid")]) == []


_EDGES = st.dictionaries(st.integers(0, 6), st.lists(st.integers(0, 6), max_size=4), max_size=7)


@given(_EDGES)
def test_a_ring_is_found_exactly_where_there_is_one(edges: dict[int, list[int]]) -> None:
    """Each is a ring of edges, and a graph that cannot be sorted has at least one."""
    found = list(cycles(edges))
    for ring in found:
        for here, there in zip(ring, [*ring[1:], ring[0]], strict=True):
            assert there in edges[here]
    left = {node: set(targets) for node, targets in edges.items()}
    while free := [node for node, targets in left.items() if not targets & left.keys()]:
        for node in free:
            del left[node]
    assert bool(found) == bool(left)


def test_a_plural_is_found_and_a_word_that_ends_with_s_is_none() -> None:
    """`Status` is no plural; `Categories` is one."""
    names = ("Category", "categories", "Status", "Address", "Addres")
    entities = [entity(name) for name in names]
    assert places_of("names/plural-twin", entities=entities) == ["/entities/1/name"]


def test_blank_names_are_found_wherever_a_name_is_needed() -> None:
    """Fields and relationships included."""
    places = places_of(
        "names/blank",
        entities=[entity(" ", "id", "", to=("\t",))],
        apis=apis(internal("")),
        storage=[store(technology=" ")],
    )
    assert places == [
        "/entities/0/name",
        "/entities/0/fields/1",
        "/entities/0/relationships/0",
        "/apis/internal/0/name",
        "/storage/0/technology",
    ]


def test_reserved_words_matter_to_sql_alone() -> None:
    """Without an SQL store nobody has to quote them."""
    entities = [entity("User"), entity("Users"), entity("ORDER")]
    code = "names/reserved-word"
    assert places_of(code, entities=entities) == ["/entities/0/name", "/entities/2/name"]
    assert places_of(code, entities=entities, storage=[store("nosql", "MongoDB")]) == []


def test_fields_are_named_by_their_first_word_whatever_parts_it() -> None:
    """Tabs, line breaks and leading spaces are white space too."""
    entities = [entity("A", "\tid uuid", "id\tuuid", " ID")]
    places = places_of("fields/duplicate", entities=entities)
    assert places == ["/entities/0/fields/1", "/entities/0/fields/2"]


def test_a_reference_of_sql_names_an_entity() -> None:
    """In any way of writing, with a suggestion where a name is close."""
    fields = (
        "a uuid not null references Nowhere(id)",
        "b uuid REFERENCES users (id)",
        'c uuid references public."User"(id)',
        "d uuid references Usr(id)",
        "e text references to the handbook",
    )
    entities = [entity("Order", "id", *fields, to=("User",)), entity("User", "id")]
    found = findings_of("references/unknown-entity", entities=entities)
    assert [(f.pointer, f.did_you_mean) for f in found] == [
        ("/entities/0/fields/1", None),
        ("/entities/0/fields/4", "User"),
    ]


def test_references_of_sql_make_a_ring_too() -> None:
    """Whatever the fields are called; one that may be empty breaks it."""
    code = "references/required-cycle"
    one = entity("A", "id", "next uuid not null references B(id)", to=("B",))
    needed = entity("B", "id", "first uuid not null references A(id)")
    free = entity("B", "id", "first uuid references A(id)")
    assert places_of(code, entities=[one, needed]) == ["/entities/0/fields/1"]
    assert places_of(code, entities=[one, free]) == []


def test_a_file_with_the_name_of_the_feature_is_the_design_itself() -> None:
    """With its ending or without."""
    places = places_of(
        "references/own-dependency",
        feature_id="order-service",
        dependencies=["order-service.json", "orders.json", "order-service"],
    )
    assert places == ["/dependencies/0", "/dependencies/2"]
