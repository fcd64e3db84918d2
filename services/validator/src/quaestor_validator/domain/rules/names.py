"""Names tell things apart: of items of one kind, and of the fields of one entity."""

from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from operator import attrgetter

from quaestor_shared.contracts.artifact import StorageKind
from quaestor_shared.contracts.findings import Severity
from quaestor_shared.pointers import Path, pointer
from quaestor_shared.service.schema_messages import cut
from quaestor_validator.domain.rules.base import Issue, NoOptions, Rule
from quaestor_validator.domain.rules.design import Design
from quaestor_validator.domain.sql_words import RESERVED
from quaestor_validator.domain.words import folded_all, singular

__all__ = ["RULES"]


def duplicate_names(design: Design, _: NoOptions) -> Iterator[Issue]:
    """Find items of one kind whose names differ at most in case, `_`, `-` and spaces."""
    for kind, names, path_of in _named(design):
        if len(names) == 1:
            continue
        folds = design.entity_folds if kind == "entity" else folded_all(names)
        for index, first in _twice(folds) if len(set(folds)) != len(folds) else ():
            yield Issue(
                path=path_of(index),
                message=f"there is another {kind} with the name {cut(names[index])}, "
                f"at {pointer(path_of(first))}",
                expected="a name of its own",
                actual=cut(names[index]),
                fix="rename one of the two, or make them one",
                related=((path_of(first), f"the other {kind}"),),
            )


def _named(design: Design) -> Iterator[tuple[str, list[str], Callable[[int], Path]]]:
    a = design.artifact
    yield "entity", design.entity_names, lambda i: ("entities", i, "name")
    yield "internal API", design.api_names, lambda i: ("apis", "internal", i, "name")
    yield (
        "external provider",
        [api.provider for api in a.apis.external],
        lambda i: ("apis", "external", i, "provider"),
    )
    yield "process", [p.name for p in a.processes], lambda i: ("processes", i, "name")


def duplicate_fields(design: Design, _: NoOptions) -> Iterator[Issue]:
    """Find field names, each the first word of its field, that an entity has twice."""
    for i, folds in enumerate(design.fields.folds):
        if len(set(folds)) == len(folds):
            continue
        names = design.fields.names[i]
        entity = design.artifact.entities[i]
        for index, first in _twice(folds):
            if folds[index]:
                place = ("entities", i, "fields", first)
                yield Issue(
                    path=("entities", i, "fields", index),
                    message=f"{cut(entity.name)} has {cut(names[index])} already, "
                    f"at {pointer(place)}",
                    expected="a name of its own",
                    actual=cut(names[index]),
                    fix="rename one of the two, or remove it",
                    related=((place, "the other field"),),
                )


def _twice(folds: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Give the place of the later of two that are the same, and of the first."""
    seen: dict[str, int] = {}
    for index, fold in enumerate(folds):
        first = seen.setdefault(fold, index)
        if first != index:
            yield index, first


def plural_twins(design: Design, _: NoOptions) -> Iterator[Issue]:
    """Find an entity whose name is the plural of another's."""
    plurals = [(i, fold) for i, fold in enumerate(design.entity_folds) if fold[-1:] == "s"]
    for i, fold in plurals:
        other = design.entity_by_fold.get(singular(fold))
        if other is not None and other != i:
            one, many = design.artifact.entities[other].name, design.artifact.entities[i].name
            yield Issue(
                path=("entities", i, "name"),
                message=f"{cut(many)} is the plural of {cut(one)}: which of the two holds what?",
                expected="names that nobody takes for one another",
                actual=cut(many),
                fix="make the two one, or say in the names how they differ",
                related=((("entities", other, "name"), "the singular"),),
            )


def blank_names(design: Design, _: NoOptions) -> Iterator[Issue]:
    """Find items without a name, and fields and relationships that say nothing."""
    technologies = [store.technology for store in design.artifact.storage]
    told = (*(names for _k, names, _p in _named(design)), design.targets, technologies)
    if "" not in design.fields.distinct and all(map(str.strip, chain.from_iterable(told))):
        return
    blank = [path_of(i) for _k, names, path_of in _named(design) for i in _blanks(names)]
    for i, entity in enumerate(design.artifact.entities):
        blank += [("entities", i, "fields", j) for j in _blanks(entity.fields)]
        blank += [("entities", i, "relationships", j) for j in _blanks(entity.relationships)]
    blank += [("storage", i, "technology") for i in _blanks(technologies)]
    for path in blank:
        yield Issue(
            path=path,
            message="this has no name",
            expected="a name",
            actual='""',
            fix="give it a name, or leave it out",
        )


def _blanks(names: Sequence[str]) -> list[int]:
    return [index for index, name in enumerate(names) if not name.strip()]


def reserved_words(design: Design, _: NoOptions) -> Iterator[Issue]:
    """Find entities whose name SQL keeps for itself, in a design with an SQL store."""
    if StorageKind.SQL not in design.kinds:
        return
    if RESERVED.isdisjoint(design.entity_folds):
        return
    for i, fold in enumerate(design.entity_folds):
        if fold in RESERVED:
            name = design.artifact.entities[i].name
            yield Issue(
                path=("entities", i, "name"),
                message=f"{cut(name)} is a reserved word of SQL, so a table with this name has to "
                "be quoted in every statement",
                expected="a name that is not reserved",
                actual=cut(name),
                fix="use another word, or the plural, for the table",
            )


RULES = (
    Rule(
        code="names/duplicate",
        severity=Severity.ERROR,
        title="A name is given once: to one entity, internal API, external provider, process",
        check=duplicate_names,
    ),
    Rule(
        code="fields/duplicate",
        severity=Severity.ERROR,
        title="An entity has a field once",
        check=duplicate_fields,
        needs=attrgetter("fields.may_have_twins"),
    ),
    Rule(
        code="names/plural-twin",
        severity=Severity.WARN,
        title="No entity is named as the plural of another",
        check=plural_twins,
    ),
    Rule(
        code="names/blank",
        severity=Severity.ERROR,
        title="What has a name has one that is not blank",
        check=blank_names,
    ),
    Rule(
        code="names/reserved-word",
        severity=Severity.INFO,
        title="An entity of an SQL store is not named with a reserved word",
        check=reserved_words,
    ),
)
