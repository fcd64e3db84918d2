"""Changes of service levels, limits and growth, by their figures."""

from collections.abc import Iterator, Sequence

from quaestor_shared.contracts.diffs import Change, Witness, WitnessKind
from quaestor_shared.markdown import fold
from quaestor_shared.service.schema_messages import cut, cut_key
from quaestor_validator.domain.diff.figures import Figure, figures_in, growth_in, shown
from quaestor_validator.domain.diff.found import At, change, witness
from quaestor_validator.domain.diff.texts import held, respelled

__all__ = ["growth_changes", "level_changes", "limit_changes"]


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
        figures = [f for f in figures_in(now) if f.measure == "rate"]
        over = Figure("rate", figures[0].value * 2) if figures else None
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
    was, now = growth_in(before.value), growth_in(after.value)
    if fold(before.value) == fold(after.value):
        yield from respelled(before, after, "the expected growth")
    elif was is not None and now is not None and now > was:
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
    olds, news = figures_in(was), figures_in(now)
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


def _is_kept(figure: Figure, promised: Sequence[Figure]) -> bool:
    """Say whether one of these promises is at least as much: a higher quantile promises more."""
    return any(
        _covers(other.measure, figure.measure)
        and (
            other.value >= figure.value if _more_is_better(figure) else other.value <= figure.value
        )
        for other in promised
    )


def _covers(measure: str, other: str) -> bool:
    if measure[:1] == other[:1] == "p":
        return float(measure[1:]) >= float(other[1:])
    return measure == other


def _more_is_better(figure: Figure) -> bool:
    return figure.measure in ("share", "rate")


def _between(name: str, lost: Figure, now: Sequence[Figure]) -> Witness:
    """Give what the old promise ruled out and the new one does not."""
    same = [figure.value for figure in now if figure.measure == lost.measure]
    if lost.measure == "rate":
        after = f"{shown(Figure('rate', same[0]))} is allowed" if same else "no rate is promised"
        return _measure(name, lost, "it is within", after)
    value = (same[0] + lost.value) / 2 if same else lost.value
    if not same:
        value = lost.value / 2 if _more_is_better(lost) else lost.value * 2
    promised = "at least" if _more_is_better(lost) else "at most"
    before = f"whoever needs {promised} {shown(lost)} never meets it"
    return _measure(name, Figure(lost.measure, value), before, "it is within what is promised")


def _measure(name: str, figure: Figure, before: str, after: str) -> Witness:
    value = {"of": name, "measure": figure.measure, "value": figure.value}
    text = f"{cut_key(name)} with {_MEASURES.get(figure.measure, figure.measure)} {shown(figure)}"
    return witness(WitnessKind.MEASURE, text, value, before, after)


_MEASURES = {"share": "a share of", "rate": "a rate of", "time": "a time of"}
