"""Hypothesis strategies for answers of every type, as JSON and as Structs."""

from typing import Any

import msgspec
from hypothesis import strategies as st

from quaestor_shared.contracts.answers import Answer
from quaestor_shared.contracts.artifact import AuthMethod, Method, ProcessType, StorageKind

__all__ = ["ANSWERS", "NAMES", "PHRASES", "answers"]

NAMES = st.from_regex(r"[A-Za-z_/][A-Za-z0-9_./\-]{0,12}", fullmatch=True) | st.sampled_from(
    ["User Profile", "Müller", "/api/v1/{id}/plans", "日本語", "sync", "none", "POST", "skip"]
)
PHRASES = st.text(
    st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=30
).filter(lambda text: text.strip() != "") | st.sampled_from(
    ["p95 < 200ms", "sla, auth none", "a; b", "finish < 2h -> x | y", "(a", "unknown", "assume x"]
)
_JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | PHRASES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(PHRASES, inner, max_size=3),
    max_leaves=6,
)
_WORDS = st.from_regex(r"[a-z][a-z0-9(),]{0,8}", fullmatch=True)


def _maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


def _record(**parts: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(parts).map(
        lambda record: {name: value for name, value in record.items() if value is not None}
    )


def _of(kind: type[Any]) -> st.SearchStrategy[str]:
    return st.sampled_from([member.value for member in kind])


def _unique(items: st.SearchStrategy[Any], low: int, key: str) -> st.SearchStrategy[list[Any]]:
    return st.lists(items, min_size=low, max_size=4, unique_by=lambda item: item[key])


_FIELD = _record(
    name=st.from_regex(r"[A-Za-z_][A-Za-z0-9_.]{0,10}", fullmatch=True),
    type=_maybe(_WORDS),
    constraints=st.lists(_WORDS, max_size=2),
)
_FIELDS = st.lists(_FIELD, min_size=1, max_size=4, unique_by=lambda f: f["name"].lower())
_RELATED = st.lists(NAMES, max_size=3, unique=True)
_METHODS = st.lists(_of(Method), min_size=1, max_size=7, unique=True)
_EXAMPLES = st.dictionaries(_of(Method), _JSON, min_size=1, max_size=3)
_EXTERNAL = {
    "endpoint": PHRASES,
    "auth_method": _of(AuthMethod),
    "rate_limits": _maybe(PHRASES),
    "sla": _maybe(PHRASES),
}

ANSWERS: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "entities": _record(
        items=_unique(
            _record(
                name=NAMES,
                fields=_maybe(_FIELDS),
                relationships=_maybe(_RELATED),
                expected_growth=_maybe(PHRASES),
            ),
            1,
            "name",
        )
    ),
    "entity": _record(fields=_FIELDS, relationships=_RELATED, expected_growth=_maybe(PHRASES)),
    "external_apis": _record(
        items=_unique(
            _record(name=NAMES, **{k: _maybe(v) for k, v in _EXTERNAL.items()}), 0, "name"
        )
    ),
    "external_api": _record(**_EXTERNAL),
    "internal_apis": _record(
        items=_unique(
            _record(
                name=NAMES,
                methods=_maybe(_METHODS),
                payload_examples=_maybe(_EXAMPLES),
                sla=_maybe(PHRASES),
            ),
            0,
            "name",
        )
    ),
    "internal_api": _record(
        methods=_METHODS, payload_examples=_maybe(_EXAMPLES), sla=_maybe(PHRASES)
    ),
    "expectations": _record(sla=PHRASES, payload_examples=_maybe(_EXAMPLES)),
    "processes": _record(
        items=_unique(
            _record(
                name=NAMES,
                description=_maybe(PHRASES),
                mode=_maybe(_of(ProcessType)),
                sla=_maybe(PHRASES),
            ),
            0,
            "name",
        )
    ),
    "process": _record(mode=_of(ProcessType)),
    "stores": _record(
        items=_unique(
            _record(kind=_of(StorageKind), technology=_maybe(NAMES), notes=_maybe(PHRASES)),
            1,
            "kind",
        )
    ),
    "store": _record(technology=NAMES, notes=_maybe(PHRASES)),
    "audit": _record(logging=PHRASES, audit=PHRASES),
    "observability": _record(
        metrics=st.lists(PHRASES, max_size=3),
        health_checks=st.lists(PHRASES, max_size=3),
        traces=_maybe(st.lists(PHRASES, max_size=2)),
    ),
    "residency": _record(residency=PHRASES, notes=_maybe(PHRASES)),
    "handoff": _record(
        dependencies=st.lists(PHRASES, max_size=3), assumptions=st.lists(PHRASES, max_size=3)
    ),
    "list": _record(items=st.lists(PHRASES, max_size=3)),
    "text": _record(text=PHRASES),
}


def answers(tag: str) -> st.SearchStrategy[Answer]:
    """Give answers of one type."""

    def build(record: dict[str, Any]) -> Answer:
        answer: Answer = msgspec.convert({"type": tag, **record}, Answer)
        return answer

    return ANSWERS[tag].map(build)
