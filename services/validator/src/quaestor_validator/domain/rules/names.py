"""Names tell things apart: of items of one kind, and of the fields of one entity."""

from collections.abc import Callable, Iterable, Iterator

from quaestor_shared.contracts.findings import Severity
from quaestor_shared.pointers import pointer
from quaestor_shared.service.schema_messages import cut
from quaestor_validator.domain.rules.base import Issue, NoOptions, Path, Rule
from quaestor_validator.domain.rules.design import Design, folded

__all__ = ["RULES"]


def duplicate_names(design: Design, _: NoOptions) -> Iterator[Issue]:
    """Find items of one kind whose names differ at most in case, `_`, `-` and spaces."""
    apis = design.artifact.apis
    kinds = (
        ("entity", ("entities",), "name", [e.name for e in design.artifact.entities]),
        ("internal API", ("apis", "internal"), "name", [a.name for a in apis.internal]),
        (
            "external provider",
            ("apis", "external"),
            "provider",
            [a.provider for a in apis.external],
        ),
        ("process", ("processes",), "name", [p.name for p in design.artifact.processes]),
    )
    for kind, parent, key, names in kinds:
        paths = [(*parent, index, key) for index in range(len(names))]
        for path, name, first in _twice(zip(paths, names, strict=True), folded):
            yield Issue(
                path=path,
                message=f"there is another {kind} with the name {cut(name)}, at {pointer(first)}",
                expected="a name of its own",
                actual=cut(name),
                fix="rename one of the two, or make them one",
            )


def duplicate_fields(design: Design, _: NoOptions) -> Iterator[Issue]:
    """Find field names, each the first word of its field, that an entity has twice."""
    for i, entity in enumerate(design.artifact.entities):
        names = [
            (("entities", i, "fields", j), field.split(maxsplit=1)[0])
            for j, field in enumerate(entity.fields)
            if field.strip()
        ]
        for path, name, first in _twice(names, str.casefold):
            yield Issue(
                path=path,
                message=f"{cut(entity.name)} has {cut(name)} already, at {pointer(first)}",
                expected="a name of its own",
                actual=cut(name),
                fix="rename one of the two, or remove it",
            )


def _twice(
    names: Iterable[tuple[Path, str]], fold: Callable[[str], str]
) -> Iterator[tuple[Path, str, Path]]:
    """Give the later of two with the same fold, and the path of the first."""
    seen: dict[str, Path] = {}
    for path, name in names:
        first = seen.setdefault(fold(name), path)
        if first != path:
            yield path, name, first


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
    ),
)
