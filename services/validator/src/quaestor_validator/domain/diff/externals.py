"""Changes of what the backend consumes."""

from collections.abc import Iterator

from quaestor_shared.contracts.artifact import ExternalApi
from quaestor_shared.contracts.diffs import Change, Witness, WitnessKind
from quaestor_shared.json_patch import encoded
from quaestor_shared.markdown import fold
from quaestor_shared.service.schema_messages import cut, cut_key
from quaestor_validator.domain.diff.found import At, change, witness
from quaestor_validator.domain.diff.items import Kind, item_changes, same_items
from quaestor_validator.domain.diff.levels import level_changes, limit_changes
from quaestor_validator.domain.diff.pairing import pair

__all__ = ["external_changes"]


def external_changes(before: At, after: At) -> Iterator[Change]:
    """Compare two lists of external APIs."""
    pairs = pair(before.value, after.value, name=_provider, content=_content, says=_says)
    yield from item_changes(
        before, after, pairs, Kind("diff/provider", "provider", "provider", _call)
    )
    for was, now in same_items(before, after, pairs):
        yield from _external(was, now)


def _provider(api: ExternalApi) -> str:
    return api.provider


def _says(api: ExternalApi) -> list[str]:
    """Give how an API is called, in parts; the host, of which a part may have changed, is one."""
    host = api.endpoint.partition("://")[2].partition("/")[0]
    return [api.endpoint, f"host {host}", api.auth_method, api.rate_limits or "", api.sla or ""]


def _content(api: ExternalApi) -> bytes | None:
    """Give what an external API is known by when its provider is not: above all, its address."""
    if not api.endpoint.strip():
        return None
    return encoded([api.endpoint, api.auth_method, api.rate_limits or None, api.sla or None])


def _external(before: At, after: At) -> Iterator[Change]:
    name = after.value.provider
    was, now = before.part("endpoint"), after.part("endpoint")
    if was.value != now.value:
        same = fold(was.value) == fold(now.value)
        yield change(
            "diff/wording-changed" if same else "diff/endpoint-changed",
            f"{cut(name)} is called at {cut(now.value)}, not at {cut(was.value)}",
            was,
            now,
            witness=None if same else _call(before.value, f"the address is {cut_key(now.value)}"),
        )
    was, now = before.part("auth_method"), after.part("auth_method")
    if was.value != now.value:
        yield change(
            "diff/auth-changed",
            f"{cut(name)} is called with {now.value}, not with {was.value}",
            was,
            now,
            witness=_call(before.value, f"it has to prove itself by {now.value}"),
        )
    yield from limit_changes(before.part("rate_limits"), after.part("rate_limits"), name)
    yield from level_changes(before.part("sla"), after.part("sla"), name)


def _call(api: ExternalApi, after: str) -> Witness:
    value = {
        "provider": api.provider,
        "endpoint": api.endpoint,
        "auth_method": api.auth_method.value,
    }
    text = f"a call to {cut_key(api.endpoint)} with {api.auth_method.value}"
    return witness(WitnessKind.CALL, text, value, "it is what the design does", after)
