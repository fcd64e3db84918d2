"""Changes of what the backend exposes."""

from collections.abc import Iterator

from quaestor_shared.contracts.artifact import InternalApi
from quaestor_shared.contracts.diffs import Change, Witness, WitnessKind
from quaestor_shared.json_patch import encoded
from quaestor_shared.markdown import fold
from quaestor_shared.service.schema_messages import cut, cut_key
from quaestor_validator.domain.diff.found import At, change, witness
from quaestor_validator.domain.diff.items import Kind, item_changes, same_items
from quaestor_validator.domain.diff.levels import level_changes
from quaestor_validator.domain.diff.pairing import pair
from quaestor_validator.domain.diff.payloads import payload_changes

__all__ = ["api_changes"]


def api_changes(before: At, after: At) -> Iterator[Change]:
    """Compare two lists of internal APIs."""
    pairs = pair(before.value, after.value, name=_name, content=_content, says=_says)
    yield from item_changes(
        before, after, pairs, Kind("diff/api", "internal API", "name", _request)
    )
    for was, now in same_items(before, after, pairs):
        yield from _methods(was, now)
        yield from payload_changes(was, now, now.value.name)
        yield from level_changes(was.part("sla"), now.part("sla"), now.value.name)


def _name(api: InternalApi) -> str:
    return api.name


def _says(api: InternalApi) -> list[str]:
    """Give what an API answers and shows, in parts."""
    examples = [
        f"{method} {key}"
        for method, payload in api.payload_examples.items()
        for key in (payload if isinstance(payload, dict) else [""])
    ]
    return [*api.methods, *examples, fold(api.sla)]


def _content(api: InternalApi) -> bytes | None:
    """Give what an API is known by when its name is not: all the rest of it."""
    if not api.methods:
        return None
    return encoded([sorted(set(api.methods)), api.payload_examples, api.sla])


def _methods(before: At, after: At) -> Iterator[Change]:
    olds, news = before.part("methods"), after.part("methods")
    pairs = pair(olds.value, news.value, name=str, content=lambda _: None)
    name = after.value.name
    for i in pairs.removed:
        if olds.value[i] in news.value:
            message = f"{cut(name)} lists {olds.value[i]} once less"
            yield change("diff/wording-changed", message, olds.part(i), None)
            continue
        gone = _request(before.value, "405: the method is not answered", olds.value[i].value)
        message = f"{cut(name)} no longer answers {olds.value[i]}"
        yield change("diff/method-removed", message, olds.part(i), None, witness=gone)
    for j in pairs.added:
        again = news.value[j] in olds.value
        code = "diff/wording-changed" if again else "diff/method-added"
        message = f"{cut(name)} {'lists' if again else 'answers'} {news.value[j]}"
        yield change(code, message + (" once more" if again else " now"), None, news.part(j))


def _request(api: InternalApi, after: str, method: str | None = None) -> Witness | None:
    """Give a request that was answered; none where an API has no method."""
    if method is None and not api.methods:
        return None
    method = method or api.methods[0].value
    value = {"method": method, "api": api.name}
    if method in api.payload_examples:
        value["payload"] = api.payload_examples[method]
    text = f"{method} {cut_key(api.name)}"
    return witness(WitnessKind.REQUEST, text, value, "it is answered", after)
