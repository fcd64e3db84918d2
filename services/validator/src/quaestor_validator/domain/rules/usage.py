"""Entities that nothing uses, and entities that wait for each other."""

import re
from collections.abc import Iterator

from quaestor_shared.contracts.findings import Severity
from quaestor_shared.service.schema_messages import cut
from quaestor_validator.domain.cycles import cycles
from quaestor_validator.domain.rules.base import Issue, NoOptions, Rule
from quaestor_validator.domain.rules.design import Design
from quaestor_validator.domain.words import folded, singular, tokens

__all__ = ["RULES"]

_WORDS = re.compile(r"\w+")
_MOST_RELATED = 10
# What people and databases write for "there has to be one", in a field after its name.
_REQUIRED = re.compile(
    r"[\s(,](?:not[\s_-]?null|required|mandatory|non[\s_-]?null(?:able)?)\b", re.IGNORECASE
)


def unused_entities(design: Design, _: NoOptions) -> Iterator[Issue]:
    """Find entities without a relationship to or from another that no other part speaks of.

    A part speaks of an entity when all words of the entity's name stand in the design, whatever
    their order and number, so what is found is sure to be mentioned nowhere.
    """
    entities = design.artifact.entities
    targets = design.targets
    if len(entities) == 1 or not any(
        not entity.relationships and entity.name not in targets for entity in entities
    ):
        return
    spoken = _spoken(design)
    pointed = {target for _i, _j, target in design.key_fields}
    for i, entity in enumerate(entities):
        if entity.relationships or entity.name in targets or i in pointed:
            continue
        words = {singular(word) for word in tokens(entity.name)}
        if words <= spoken:
            continue
        yield Issue(
            path=("entities", i, "name"),
            message=f"no relationship, API, payload, process or note has anything to do with "
            f"{cut(entity.name)}",
            actual=cut(entity.name),
            fix="relate it, say what uses it, or leave it out",
        )


def _spoken(design: Design) -> set[str]:
    relationships = (text for e in design.artifact.entities for text in e.relationships)
    original = [
        *(api.name for api in design.artifact.apis.internal),
        *(process.name for process in design.artifact.processes),
        *relationships,
    ]
    examples = design.examples.text.decode()
    words = {word for text in original for word in tokens(text)}
    for name in set(_WORDS.findall(examples)) | set(_WORDS.findall(design.prose)):
        words.update(tokens(name))
    return {singular(word) for word in words}


def required_cycles(design: Design, _: NoOptions) -> Iterator[Issue]:
    """Find entities that each have a required field pointing at the next, round in a ring."""
    entities = design.artifact.entities
    needs: dict[int, dict[int, int]] = {}
    for i, j, target in (*design.key_fields, *_referring(design)):
        if _REQUIRED.search(entities[i].fields[j]):
            needs.setdefault(i, {}).setdefault(target, j)
    for ring in cycles({i: tuple(targets) for i, targets in needs.items()}):
        shown = [cut(entities[i].name) for i in ring[:_MOST_RELATED]]
        following = zip(ring, [*ring[1:], ring[0]], strict=True)
        first, *others = [("entities", i, "fields", needs[i][after]) for i, after in following]
        yield Issue(
            path=first,
            message="none of these can be stored before the next: "
            + " → ".join([*shown, cut(entities[ring[0]].name)]),
            expected="one reference of the ring that may be empty at first",
            fix="let one of the fields be empty, or move it into an entity of its own",
            related=tuple((place, "needs the next one too") for place in others[:_MOST_RELATED]),
        )


def _referring(design: Design) -> Iterator[tuple[int, int, int]]:
    """Give the fields with the `references` of SQL: entity, field, entity meant."""
    by_fold = design.entity_by_fold if design.referred else {}
    meant = {
        text: target
        for text, table in design.referred.items()
        if (target := by_fold.get(folded(table), by_fold.get(folded(singular(table))))) is not None
    }
    for i, entity in enumerate(design.artifact.entities if meant else ()):
        for j, field in enumerate(entity.fields):
            target = meant.get(field.strip().partition(" ")[2].rstrip())
            if target is not None:
                yield i, j, target


RULES = (
    Rule(
        code="references/unused-entity",
        severity=Severity.INFO,
        title="An entity is used by something",
        check=unused_entities,
    ),
    Rule(
        code="references/required-cycle",
        severity=Severity.WARN,
        title="Entities can be stored one after the other",
        check=required_cycles,
        needs=lambda design: design.key_fields or design.referred,
    ),
)
