"""What refers to something must find it, and say so once."""

import re
from collections.abc import Iterator
from itertools import chain
from operator import attrgetter

from quaestor_shared.contracts.findings import Severity
from quaestor_shared.pointers import Path
from quaestor_shared.service.schema_messages import cut
from quaestor_validator.domain.nearest import Nearest
from quaestor_validator.domain.rules.base import Issue, NoOptions, Rule
from quaestor_validator.domain.rules.design import Design
from quaestor_validator.domain.rules.patches import append, drop_item, replace
from quaestor_validator.domain.words import folded, singular

__all__ = ["RULES"]

_WORDS = re.compile(r"\w+")


def unknown_entities(design: Design, _: NoOptions) -> Iterator[Issue]:
    """Find relationships that name no entity.

    A relationship may say more than a name ("has many Recipe"), so one of its words is enough.
    """
    entities = design.artifact.entities
    known = set(design.entity_names)
    yield from _unknown_tables(design, known)
    if known.issuperset(design.targets):
        return
    nearest: Nearest | None = None
    for i, entity in enumerate(entities):
        if known.issuperset(entity.relationships):
            continue
        for j, relationship in enumerate(entity.relationships):
            if relationship in known or not known.isdisjoint(_WORDS.findall(relationship)):
                continue
            nearest = nearest or Nearest(known)
            path = ("entities", i, "relationships", j)
            yield _unknown_entity(path, entity.name, relationship, nearest)


def _unknown_tables(design: Design, known: set[str]) -> Iterator[Issue]:
    """Find fields with the `references` of SQL to what is no entity, in any way of writing it."""
    unknown = {
        text: table
        for text, table in design.referred.items()
        if folded(table) not in design.entity_by_fold
        and folded(singular(table)) not in design.entity_by_fold
    }
    for i, entity in enumerate(design.artifact.entities if unknown else ()):
        for j, field in enumerate(entity.fields):
            table = unknown.get(field.strip().partition(" ")[2].rstrip())
            if table is not None:
                meant = Nearest(known).to(table)
                yield Issue(
                    path=("entities", i, "fields", j),
                    message=f"{cut(entity.name)} refers to {cut(table)}, which is no entity",
                    expected="the name of an entity",
                    actual=cut(field),
                    fix=f"did you mean {cut(meant)}?" if meant else f"add an entity {cut(table)}",
                    did_you_mean=meant,
                )


def _unknown_entity(path: Path, entity: str, relationship: str, nearest: Nearest) -> Issue:
    meant = nearest.to(relationship)
    name = cut(relationship)
    return Issue(
        path=path,
        message=f"{cut(entity)} relates to {name}, and there is no such entity",
        expected="the name of an entity",
        actual=name,
        fix=f"did you mean {cut(meant)}?" if meant else f"add an entity {name}",
        did_you_mean=meant,
        patch=replace(path, relationship, meant) if meant else (),
        safe=meant is not None and nearest.same(relationship) == meant,
    )


def repeated(design: Design, _: NoOptions) -> Iterator[Issue]:
    """Find relationships of one entity, and dependencies, that stand twice."""
    a = design.artifact
    for i, entity in enumerate(a.entities):
        count = len(entity.relationships)
        if count > 1 and len(set(entity.relationships)) != count:
            yield from _repeated(("entities", i, "relationships"), entity.relationships)
    yield from _repeated(("dependencies",), a.dependencies)


def _repeated(parent: Path, items: tuple[str, ...]) -> Iterator[Issue]:
    first: dict[str, int] = {}
    for j, item in enumerate(items):
        earlier = first.setdefault(item, j)
        if earlier != j:
            yield Issue(
                path=(*parent, j),
                message=f"{cut(item)} stands here a second time",
                expected="each once",
                actual=cut(item),
                fix="leave out one of the two",
                patch=drop_item((*parent, j), item),
                safe=True,
                related=(((*parent, earlier), "the first one"),),
            )


def undeclared(design: Design, _: NoOptions) -> Iterator[Issue]:
    """Find fields that are named after an entity which its own entity has no relationship with.

    A relationship counts from either side.
    """
    entities = design.artifact.entities
    named: dict[int, set[str]] = {}  # each entity's relationships are read once
    for i, j, target in design.key_fields:
        here, there = entities[i], entities[target]
        for each in {i, target} - named.keys():
            named[each] = _named_in(entities[each].relationships)
        if i == target or there.name in named[i] or here.name in named[target]:
            continue
        field = design.fields.names[i][j]
        yield Issue(
            path=("entities", i, "fields", j),
            message=f"{cut(field)} points at {cut(there.name)}, and neither entity has a "
            "relationship with the other",
            expected=f"{cut(there.name)} in `relationships`",
            fix=f"add {cut(there.name)} to the relationships of {cut(here.name)}",
            patch=append(("entities", i, "relationships"), there.name),
            related=((("entities", target, "name"), "the entity"),),
        )


def _named_in(relationships: tuple[str, ...]) -> set[str]:
    """Give the relationships and their words: what may be the name of an entity."""
    return {*relationships, *(word for text in relationships for word in _WORDS.findall(text))}


def own_dependency(design: Design, _: NoOptions) -> Iterator[Issue]:
    """Find dependencies that are parts of this design."""
    a = design.artifact
    apis = design.api_names
    processes = [process.name for process in a.processes]
    feature = a.feature_id
    whole = ("backend.json", "design/backend.json", feature, f"{feature}.json")
    if set(a.dependencies).isdisjoint(chain(whole, design.entity_names, apis, processes)):
        return
    own: dict[str, Path] = dict.fromkeys(whole, ())
    own |= {name: ("entities", i, "name") for i, name in enumerate(design.entity_names)}
    own |= {name: ("apis", "internal", i) for i, name in enumerate(apis)}
    own |= {name: ("processes", i) for i, name in enumerate(processes)}
    for i, dependency in enumerate(a.dependencies):
        if dependency in own:
            place = own[dependency]
            yield Issue(
                path=("dependencies", i),
                message=f"{cut(dependency)} is part of this design, not something it depends on",
                expected="what comes from outside this design",
                actual=cut(dependency),
                fix="leave it out, or name the design or the service outside that was meant",
                patch=drop_item(("dependencies", i), dependency),
                related=((place, "it is here"),) if place else (),
            )


RULES = (
    Rule(
        code="references/unknown-entity",
        severity=Severity.WARN,
        title="A relationship names an entity of the design",
        check=unknown_entities,
    ),
    Rule(
        code="references/duplicate",
        severity=Severity.INFO,
        title="A relationship and a dependency stand once",
        check=repeated,
    ),
    Rule(
        code="references/undeclared",
        severity=Severity.INFO,
        title="A field that points at an entity has its relationship",
        check=undeclared,
        needs=attrgetter("key_fields"),
    ),
    Rule(
        code="references/own-dependency",
        severity=Severity.WARN,
        title="A dependency lies outside the design",
        check=own_dependency,
    ),
)
