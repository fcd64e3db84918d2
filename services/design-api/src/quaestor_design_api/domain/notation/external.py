"""`Spoonacular: https://api.example.com, auth api_key, limit 50 requests/min, sla 99.5% uptime`."""

from quaestor_design_api.domain.notation.scan import NotationError, Piece, split, whole
from quaestor_design_api.domain.notation.words import choice, is_none, keyword, name, phrase
from quaestor_shared.contracts.answers import ExternalApiAnswer, ExternalApisAnswer
from quaestor_shared.contracts.artifact import AuthMethod
from quaestor_shared.contracts.items import ExternalApiItem

__all__ = [
    "read_external_api",
    "read_external_apis",
    "write_external_api",
    "write_external_apis",
]

_KEYWORDS = {
    "auth": ["auth(?:entication)?"],
    "limit": ["rate[ -]limits?", "limits?"],
    "sla": ["sla"],
}
_SYNONYMS = {
    "key": AuthMethod.API_KEY,
    "apikey": AuthMethod.API_KEY,
    "oauth": AuthMethod.OAUTH2,
    "oauth 2": AuthMethod.OAUTH2,
    "openid connect": AuthMethod.OIDC,
    "no": AuthMethod.NONE,
}


def read_external_apis(text: str) -> ExternalApisAnswer:
    """Read the consumed APIs, or `none`."""
    piece = whole(text)
    if is_none(piece):
        return ExternalApisAnswer(items=())
    items: list[ExternalApiItem] = []
    for segment in split(piece, ";\n"):
        head, detail = segment.partition(":")
        if detail is None:
            items += [ExternalApiItem(name=name(n, "provider")) for n in split(segment, ",")]
        else:
            items.append(_item(head, detail))
    if not items:
        raise NotationError("name the providers, or say none", 0)
    return ExternalApisAnswer(items=tuple(items))


def read_external_api(text: str) -> ExternalApiAnswer:
    """Read the endpoint, authentication, rate limit and service level of one API."""
    piece = whole(text)
    parts = _read(piece)
    if "endpoint" not in parts:
        raise NotationError("the endpoint is missing; it comes first", piece.at)
    if "auth" not in parts:
        methods = ", ".join(method.value for method in AuthMethod)
        raise NotationError(
            f"the authentication is missing: `auth` and one of {methods}",
            piece.at + len(piece.text),
        )
    return ExternalApiAnswer(
        endpoint=phrase(parts["endpoint"], "endpoint"),
        auth_method=_auth(parts["auth"]),
        rate_limits=phrase(parts["limit"], "rate limit") if "limit" in parts else None,
        sla=phrase(parts["sla"], "service level") if "sla" in parts else None,
    )


def write_external_apis(answer: ExternalApisAnswer) -> str:
    """Write the consumed APIs in their notation."""
    if not answer.items:
        return "none"
    return "; ".join(
        f"{item.name}: {detail}"
        if (detail := _write(item.endpoint, item.auth_method, item.rate_limits, item.sla))
        else item.name
        for item in answer.items
    )


def write_external_api(answer: ExternalApiAnswer) -> str:
    """Write one consumed API in its notation."""
    return _write(answer.endpoint, answer.auth_method, answer.rate_limits, answer.sla)


def _item(head: Piece, detail: Piece) -> ExternalApiItem:
    parts = _read(detail)
    return ExternalApiItem(
        name=name(head, "provider"),
        endpoint=phrase(parts["endpoint"], "endpoint") if "endpoint" in parts else None,
        auth_method=_auth(parts["auth"]) if "auth" in parts else None,
        rate_limits=phrase(parts["limit"], "rate limit") if "limit" in parts else None,
        sla=phrase(parts["sla"], "service level") if "sla" in parts else None,
    )


def _auth(piece: Piece) -> AuthMethod:
    return choice(piece, AuthMethod, "way to authenticate", _SYNONYMS)


def _read(piece: Piece) -> dict[str, Piece]:
    """Cut into parts by keyword; a part without one goes on with the part before it."""
    parts: dict[str, Piece] = {}
    current = "endpoint"
    for part in split(piece, ",\n"):
        for word, spellings in _KEYWORDS.items():
            if (after := keyword(part, spellings)) is not None:
                if word in parts:
                    raise NotationError(f"{word!r} stands twice", part.at)
                parts[word], current = after, word
                break
        else:
            if current in parts:
                before = parts[current]
                parts[current] = Piece(f"{before.text}, {part.text}", before.at)
            else:
                parts[current] = part
    return parts


def _write(
    endpoint: str | None, auth: AuthMethod | None, limits: str | None, sla: str | None
) -> str:
    parts = [
        endpoint,
        f"auth {auth.value}" if auth is not None else None,
        f"limit {limits}" if limits is not None else None,
        f"sla {sla}" if sla is not None else None,
    ]
    return ", ".join(part for part in parts if part is not None)
