"""Changes of the fields of one entity, as they matter to its rows."""

from collections.abc import Iterator

from quaestor_shared.contracts.diffs import Change
from quaestor_shared.json_patch import encoded
from quaestor_shared.markdown import fold
from quaestor_shared.service.schema_messages import cut, cut_key
from quaestor_validator.domain.diff.columns import Column, read_column
from quaestor_validator.domain.diff.found import At, change
from quaestor_validator.domain.diff.likeness import ALIKE, VERY_ALIKE, alike, best_pairs
from quaestor_validator.domain.diff.pairing import Pairs, joined, pair
from quaestor_validator.domain.diff.rows import lost_row, lost_twins
from quaestor_validator.domain.diff.types import of_one_family, turned_away

__all__ = ["field_changes"]

# More than a person renames at once; beyond it, names are not compared.
_MOST_GUESSES = 200


class _Entity:
    """An entity with its fields read."""

    def __init__(self, at: At) -> None:
        self.name: str = at.value.name
        self.fields = at.part("fields")
        self.columns = [read_column(field) for field in self.fields.value]


def field_changes(before: At, after: At) -> Iterator[Change]:
    """Compare the fields of one entity; `before` and `after` are the entity."""
    was, now = _Entity(before), _Entity(after)
    pairs = _likely(pair(was.columns, now.columns, name=_name, content=_content), was, now)
    for i in pairs.removed:
        name = was.columns[i].name
        message = f"{cut(now.name)} has no field {cut(name)} any more"
        gone = lost_row(was.name, was.columns, i, (), shown=name)
        yield change("diff/field-removed", message, was.fields.part(i), None, witness=gone)
    for j in pairs.added:
        yield _added(was, now, j)
    for i, j in pairs.renamed:
        names = was.columns[i].name, now.columns[j].name
        yield change(
            "diff/field-renamed",
            f"the field {cut(names[0])} of {cut(now.name)} is now called {cut(names[1])}",
            was.fields.part(i),
            now.fields.part(j),
            rename=names,
            witness=lost_row(was.name, was.columns, i, now.columns[j : j + 1], shown=names[0]),
        )
        yield from _differences(was, now, i, j)
    for i, j in pairs.kept:
        yield from _kept(was, now, i, j)


def _name(column: Column) -> str:
    return column.name


def _content(column: Column) -> bytes | None:
    """Give what a field is known by when its name is not: its type and constraints."""
    return repr(column[1:]).encode() if column.type is not None else None


def _likely(pairs: Pairs[Column], was: _Entity, now: _Entity) -> Pairs[Column]:
    """Keep those renamings that are likely: in the same position, or with a name alike.

    Many fields have one type, so type and constraints alone say little.
    """
    guess = len(pairs.renamed) <= _MOST_GUESSES
    unlikely = {
        (i, j)
        for i, j in pairs.renamed
        if i != j and not (guess and alike(was.columns[i].name, now.columns[j].name) >= ALIKE)
    }
    likely = Pairs(
        pairs.kept,
        [both for both in pairs.renamed if both not in unlikely],
        sorted([*pairs.removed, *(i for i, _ in unlikely)]),
        sorted([*pairs.added, *(j for _, j in unlikely)]),
    )
    return joined(
        likely, best_pairs(likely.removed, likely.added, lambda i, j: _likeness(was, now, i, j))
    )


def _likeness(was: _Entity, now: _Entity, i: int, j: int) -> float:
    """Say how sure it is that a field has another name and another type; 0 where it is not.

    A name much alike is enough; one that is a little alike needs a type of the same family.
    """
    old, new = was.columns[i], now.columns[j]
    if old.type is None or new.type is None:
        return 0
    ratio = alike(old.name, new.name)
    least = ALIKE if of_one_family(old.type, new.type) else VERY_ALIKE
    return ratio if ratio >= least else 0


def _added(was: _Entity, now: _Entity, j: int) -> Change:
    column, at = now.columns[j], now.fields.part(j)
    if column.required and not column.default:
        message = f"{cut(now.name)} has a new field {cut(column.name)}, and a row has to have it"
        shown = lost_row(was.name, was.columns, len(was.columns), [column])
        return change("diff/field-required", message, None, at, witness=shown)
    message = f"{cut(now.name)} has another field, {cut(column.name)}"
    return change("diff/field-added", message, None, at)


def _kept(was: _Entity, now: _Entity, i: int, j: int) -> Iterator[Change]:
    old, new = was.columns[i], now.columns[j]
    at = was.fields.part(i), now.fields.part(j)
    if at[0].value == at[1].value:
        return
    told = f"the field {cut(new.name)} of {cut(now.name)}"
    changes = list(_differences(was, now, i, j))
    yield from changes
    if not changes:
        same = fold(at[0].value) == fold(at[1].value) or old == new
        message = f"{told} is {'written' if same else 'described'} in another way"
        yield change("diff/wording-changed", message, *at)


def _differences(was: _Entity, now: _Entity, i: int, j: int) -> Iterator[Change]:
    """Tell of what a field demands and did not, and the other way round."""
    new, at = now.columns[j], (was.fields.part(i), now.fields.part(j))
    told = f"the field {cut(new.name)} of {cut(now.name)}"
    yield from _type_change(was, i, new, at, told)
    yield from _constraint_changes(was, i, new, at, told)


def _type_change(
    was: _Entity, i: int, new: Column, at: tuple[At, At], told: str
) -> Iterator[Change]:
    old = was.columns[i]
    if old.type is None or new.type is None or old.type == new.type:
        return
    types = f"{cut(old.type)} and is {cut(new.type)}"
    lost, won = turned_away(old.type, new.type), turned_away(new.type, old.type)
    if lost:
        value = min(lost, key=lambda each: len(encoded(each)))
        now = [old._replace(type=new.type)]
        shown = lost_row(was.name, was.columns, i, now, shown=old.name, value=value)
        message = f"{told} was {types}, which does not take all it took"
        yield change("diff/field-narrowed", message, *at, witness=shown)
    elif lost is None and old.type.casefold() != new.type.casefold():
        message = f"{told} was {types}; what that means to a row is not known here"
        yield change("diff/field-narrowed", message, *at)
    elif won:
        yield change("diff/field-widened", f"{told} was {types}, which takes more", *at)


def _must_be_given(column: Column) -> bool:
    return column.required and not column.default


def _constraint_changes(
    was: _Entity, i: int, new: Column, at: tuple[At, At], told: str
) -> Iterator[Change]:
    old = was.columns[i]
    if _must_be_given(new) and not _must_be_given(old):
        now = [old._replace(required=True, default=False)]
        shown = lost_row(was.name, was.columns, i, now)
        how = (
            "has no default any more, and a row has to have it"
            if old.required
            else "is required now"
        )
        yield change("diff/field-required", f"{told} {how}", *at, witness=shown)
    elif _must_be_given(old) and new.required:
        yield change("diff/field-relaxed", f"{told} has a default now", *at)
    if new.unique and not old.unique:
        yield change(
            "diff/field-constrained",
            f"{told} is unique now",
            *at,
            witness=lost_twins(was.name, was.columns, old),
        )
    if more := sorted(new.other - old.other):
        message = f"{told} has constraints it did not have: {', '.join(map(cut_key, more))}"
        yield change("diff/field-constrained", message, *at)
    relaxed = [word for word in ("required", "unique") if getattr(old, word) > getattr(new, word)]
    if less := [*relaxed, *sorted(old.other - new.other)]:
        message = f"{told} is no longer {', '.join(map(cut_key, less))}"
        yield change("diff/field-relaxed", message, *at)
