"""What refers to something must find it."""

import re
from collections.abc import Iterator
from difflib import get_close_matches
from itertools import count

from quaestor_shared.contracts.findings import Severity
from quaestor_shared.service.schema_messages import cut
from quaestor_validator.domain.rules.base import Issue, NoOptions, Rule
from quaestor_validator.domain.rules.design import Design, folded

__all__ = ["RULES"]

# Comparing a name with all others takes time, and nobody reads a thousand suggestions.
_MOST_SUGGESTIONS = 20
_WORDS = re.compile(r"\w+")


def unknown_entities(design: Design, _: NoOptions) -> Iterator[Issue]:
    """Find relationships that name no entity.

    A relationship may say more than a name ("has many Recipe"), so one of its words is enough.
    """
    known = {entity.name for entity in design.artifact.entities}
    by_fold = {folded(name): name for name in sorted(known)}
    asked = count()
    for i, entity in enumerate(design.artifact.entities):
        for j, relationship in enumerate(entity.relationships):
            if relationship in known or not known.isdisjoint(_WORDS.findall(relationship)):
                continue
            meant = by_fold.get(folded(relationship))
            if meant is None and next(asked) < _MOST_SUGGESTIONS:
                close = get_close_matches(folded(relationship), by_fold, n=1, cutoff=0.75)
                meant = by_fold[close[0]] if close else None
            name = cut(relationship)
            yield Issue(
                path=("entities", i, "relationships", j),
                message=f"{cut(entity.name)} relates to {name}, and there is no such entity",
                expected="the name of an entity",
                actual=name,
                fix=f"did you mean {cut(meant)}?" if meant else f"add an entity {name}",
            )


RULES = (
    Rule(
        code="references/unknown-entity",
        severity=Severity.WARN,
        title="A relationship names an entity of the design",
        check=unknown_entities,
    ),
)
