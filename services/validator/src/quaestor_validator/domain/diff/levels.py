"""Changes of service levels, limits and growth, by their figures."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

import msgspec

from quaestor_shared.contracts.diffs import Change, Witness, WitnessKind
from quaestor_shared.markdown import fold
from quaestor_shared.service.schema_messages import cut, cut_key
from quaestor_validator.domain.diff.found import At, change, witness
from quaestor_validator.domain.diff.texts import held, respelled
from quaestor_validator.domain.quantities import (
    Growth,
    GrowthKind,
    Measure,
    ServiceLevel,
    growth_of,
    service_levels_of,
    write_service_level,
)
from quaestor_validator.domain.quantities.units import plain

__all__ = ["growth_changes", "level_changes", "limit_changes"]

_MORE_IS_BETTER = {Measure.UPTIME, Measure.THROUGHPUT}
_ALL = 100  # per cent of the requests, where no quantile is named


def level_changes(before: At, after: At, name: str) -> Iterator[Change]:
    """Compare two service levels: what takes longer or is there less often is looser."""
    codes = "diff/level-loosened", "diff/level-tightened", "diff/level-changed"
    yield from _promises(before, after, f"the service level of {cut(name)}", name, codes)


def limit_changes(before: At, after: At, name: str) -> Iterator[Change]:
    """Compare two limits. That there is one now may be too little for what was done before."""
    codes = "diff/limit-lowered", "diff/limit-raised", "diff/limit-changed"
    was, now = _text(before), _text(after)
    told = f"the rate limit of {cut(name)}"
    if bool(was) == bool(now):
        yield from _promises(before, after, told, name, codes)
    elif now:
        rates = [level for level in service_levels_of(now) if level.per_second is not None]
        over = msgspec.structs.replace(rates[0], amount=rates[0].amount * 2) if rates else None
        message = f"{told} is {cut(now)} now; there was none"
        example = _measure(name, over, "nothing limits it", "it is over") if over else None
        yield change(codes[0], message, held(before), held(after), witness=example)
    else:
        yield change(codes[1], f"{told} is gone", held(before), held(after))


def growth_changes(before: At, after: At) -> Iterator[Change]:
    """Compare two expectations of growth, which are no promise to anybody."""
    if before.value == after.value:
        return
    told = f"growth was expected to be {cut(before.value)} and is {cut(after.value)}"
    was, now = growth_of(before.value), growth_of(after.value)
    if fold(before.value) == fold(after.value):
        yield from respelled(before, after, "the expected growth")
    elif was is not None and now is not None and _grows_more(was, now):
        yield change("diff/growth-raised", told, before, after)
    else:
        yield change("diff/growth-changed", told, before, after)


def _promises(
    before: At, after: At, told: str, name: str, codes: tuple[str, str, str]
) -> Iterator[Change]:
    was, now = _text(before), _text(after)
    if before.value == after.value:
        return
    if fold(was) == fold(now):
        yield from respelled(before, after, told)
        return
    olds, news = service_levels_of(was), service_levels_of(now)
    said = f"{told} was {cut(was)} and is {cut(now)}" if now else f"{told}, {cut(was)}, is gone"
    if was and (not olds or (now and not news)):
        yield change(
            codes[2], f"{said}; no figure tells how they compare", held(before), held(after)
        )
        return
    looser = [figure for figure in olds if not _is_kept(figure, news)]
    tighter = [figure for figure in news if not _is_kept(figure, olds)]
    places = held(before), held(after)
    if looser:
        example = _between(name, looser[0], news)
        yield change(codes[0], said, *places, witness=example)
    if tighter or not was:
        yield change(codes[1], said if was else f"{told} is {cut(now)} now", *places)
    if was and not looser and not tighter:
        yield from respelled(before, after, told)


def _text(at: At) -> str:
    return at.value.strip() if at.value else ""


def _grows_more(was: Growth, now: Growth) -> bool:
    if was.kind is GrowthKind.FIXED or now.kind is GrowthKind.FIXED:
        return now.kind is not GrowthKind.FIXED
    if was.kind is not now.kind:
        return False
    years = was.a_year, now.a_year
    if years[0] is not None and years[1] is not None:
        return years[1] > years[0]
    return (was.span, was.unit) == (now.span, now.unit) and now.amount > was.amount


def _is_kept(level: ServiceLevel, promised: Sequence[ServiceLevel]) -> bool:
    """Say whether one of these promises is at least as much: a higher quantile promises more."""
    for other in promised:
        same = other.measure is level.measure and _scaled(other) is not None
        if not same or (other.quantile or _ALL) < (level.quantile or _ALL):
            continue
        values = _scaled(level) or 0, _scaled(other) or 0
        if values[1] >= values[0] if level.measure in _MORE_IS_BETTER else values[1] <= values[0]:
            return True
    return False


def _scaled(level: ServiceLevel) -> float | None:
    """Give the amount in seconds, a second, per cent, or minutes since midnight."""
    if level.seconds is not None:
        return level.seconds
    return level.per_second if level.unit.startswith("/") else float(level.amount)


def _between(name: str, lost: ServiceLevel, now: Sequence[ServiceLevel]) -> Witness:
    """Give what the old promise ruled out and the new one does not."""
    same = [level for level in now if level.measure is lost.measure]
    if lost.measure is Measure.THROUGHPUT:
        limit = write_service_level(same[0]) if same else "no rate"
        return _measure(name, lost, "it is within", f"{limit} is allowed")
    needed = "at least" if lost.measure in _MORE_IS_BETTER else "at most"
    before = f"whoever needs {needed} {_amount(lost)} never meets it"
    example = _halfway(lost, same[0]) if same else _beyond(lost)
    return _measure(name, example, before, "it is within what is promised")


def _halfway(lost: ServiceLevel, now: ServiceLevel) -> ServiceLevel:
    """Give a figure between the two, in the unit of the first."""
    was, then = _scaled(lost), _scaled(now)
    if not was or then is None or was == then:
        return _beyond(lost)
    middle = lost.amount * (1 + Decimal(then / was)) / 2
    return msgspec.structs.replace(lost, amount=round(middle, 3))


def _beyond(lost: ServiceLevel) -> ServiceLevel:
    """Give a figure that the promise rules out by far."""
    factor = Decimal("0.5") if lost.measure in _MORE_IS_BETTER else 2
    return msgspec.structs.replace(lost, amount=lost.amount * factor)


def _measure(name: str, level: ServiceLevel, before: str, after: str) -> Witness:
    value = {"of": name, "measure": level.measure.value, "value": _scaled(level)}
    if level.quantile is not None:
        value["quantile"] = float(level.quantile)
    quantile = f"p{level.quantile} " if level.quantile is not None else ""
    text = f"{cut_key(name)} with a {quantile}{level.measure} of {_amount(level)}"
    return witness(WitnessKind.MEASURE, text, value, before, after)


def _amount(level: ServiceLevel) -> str:
    """Write the amount with its unit."""
    if level.measure in (Measure.DEADLINE, Measure.THROUGHPUT):
        return write_service_level(level)
    return f"{plain(level.amount)} {level.unit}"
