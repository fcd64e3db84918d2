"""Values that look like secrets: by the form that an issuer gives them, or by their member's name.

Only what is no placeholder and too random to be one counts, because a finding stops Finalize.
"""

import math
import re
from base64 import b64decode
from collections import Counter
from collections.abc import Iterator
from typing import Any

from quaestor_shared.pointers import Path
from quaestor_validator.domain.words import listed

__all__ = ["SHORTEST", "may_have_form", "may_have_forms", "secret_form", "secrets_in"]


_FORMS = {
    "a private key": re.compile(r"-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----"),
    "an AWS access key": re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"),
    "a GitHub token": re.compile(r"\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_\w{22,255})\b"),
    "a Slack token": re.compile(r"\bxox[abprs]-[A-Za-z0-9-]{10,250}"),
    "a Stripe key": re.compile(r"\b[rs]k_live_[A-Za-z0-9]{16,250}\b"),
    "a Google API key": re.compile(r"\bAIza[A-Za-z0-9_-]{35}\b"),
    "an OpenAI or Anthropic key": re.compile(
        r"\bsk-(?:proj|svcacct|admin|ant)-[A-Za-z0-9_-]{20,250}"
    ),
    "a SendGrid key": re.compile(r"\bSG\.[A-Za-z0-9_-]{16,64}\.[A-Za-z0-9_-]{16,64}"),
    "a signed token (JWT)": re.compile(
        r"\beyJ[A-Za-z0-9_-]{8,4000}\.eyJ[A-Za-z0-9_-]{8,4000}\.[A-Za-z0-9_-]{16,4000}"
    ),
    "a password in a URL": re.compile(
        r"\b[a-z][a-z0-9+.-]{1,20}://[^\s/:@<>{}]{1,100}:[^\s/@<>{}*]{4,200}@"
    ),
}
# One of these stands in everything that has one of the forms, or what a URL with a password has.
_MARKS = listed(
    "PRIVATE KEY-----, AKIA, ASIA, ghp_, gho_, ghu_, ghs_, ghr_, github_pat_, xoxa-, xoxb-, "
    "xoxp-, xoxr-, xoxs-, k_live_, AIza, eyJ, sk-proj-, sk-svcacct-, sk-admin-, sk-ant-, SG."
)
# The same, told by a word in lower case where a word is as good.
_MARKED_WORDS = frozenset(
    listed("private, ghp, gho, ghu, ghs, ghr, github, xoxa, xoxb, xoxp, xoxr, xoxs, live, sk, sg")
)
_MARKED_STARTS = ("AKIA", "ASIA", "AIza", "eyJ")
_NAMES = re.compile(
    r"(?:^|_)(?:pass(?:word|wd|phrase)?|secret|token|credentials?"
    r"|(?:private|api|secret|access|signing|encryption|master)_?key)$"
)
# Tokens that open nothing by themselves: they say where a list goes on, or which form was sent.
_HARMLESS = re.compile(
    r"(?:^|_)(?:page|paging|pagination|next|prev|previous|continuation|cursor|scroll|resume|sync"
    r"|skip|csrf|xsrf|csrf_?middleware|anti_?forgery|request_?verification|idempotency)_?token$"
)
_HEADER = re.compile(r"(bearer|basic|token) +([A-Za-z0-9._~+/=-]+)", re.IGNORECASE)
_PLACEHOLDER = re.compile(
    r"example|sample|dummy|placeholder|redacted|changeme|your|xxxx|\.\.\.|[<>{}*…]", re.IGNORECASE
)
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_SHORTEST = 20
# Of a password that is sent with its user's name.
_SHORTEST_SENT = 8
_MIXED = re.compile(r"(?=\S*[0-9])(?=\S*[A-Za-z])\S+\Z")
# A password in a URL is the shortest of the forms: `ab://u:pass@`.
SHORTEST = 12
# Bits for each character. English words have less than 3.5 at this length, random ones more.
_RANDOM = 3.6


def may_have_form(text: str) -> bool:
    """Say, quickly, whether a closer look at a text is worth while."""
    return ("://" in text and "@" in text) or any(map(text.__contains__, _MARKS))


def may_have_forms(text: str, words: set[str]) -> bool:
    """Say, more quickly, the same of a long text whose words in lower case are known."""
    marked = not _MARKED_WORDS.isdisjoint(words) or any(map(text.__contains__, _MARKED_STARTS))
    return (marked or "@" in text) and may_have_form(text)


def secret_form(text: str) -> str | None:
    """Say which kind of secret a text contains, by the form that its issuer gives it."""
    if len(text) < SHORTEST or not may_have_form(text):
        return None
    for what, form in _FORMS.items():
        match = form.search(text)
        if match and not _PLACEHOLDER.search(_word_around(match)):
            return what
    return None


def _word_around(match: "re.Match[str]") -> str:
    before, after = match.string[: match.start()], match.string[match.end() :]
    start = before.split(" ")[-1]
    return f"{start}{match[0]}{after.split(' ', 1)[0]}"


def secrets_in(value: Any) -> Iterator[tuple[Path, str]]:  # noqa: ANN401 - a JSON value
    """Give the path of every value that looks like a secret, and what it looks like."""
    stack: list[tuple[Path, Any]] = [((), value)]
    while stack:
        path, node = stack.pop()
        if isinstance(node, dict):
            stack.extend(((*path, key), item) for key, item in reversed(node.items()))
        elif isinstance(node, list):
            stack.extend(((*path, i), node[i]) for i in reversed(range(len(node))))
        elif isinstance(node, str) and (what := _looks_like(path, node)):
            yield path, what


def _looks_like(path: Path, text: str) -> str | None:
    if what := secret_form(text):
        return what
    if len(text) < _SHORTEST or _PLACEHOLDER.search(text):
        return None
    if header := _HEADER.fullmatch(text):
        return _sent_as(header[1].lower(), header[2])
    name = _snake(next((step for step in reversed(path) if isinstance(step, str)), ""))
    if _NAMES.search(name) and not _HARMLESS.search(name) and _is_random(text):
        return "a secret"
    return None


def _sent_as(scheme: str, value: str) -> str | None:
    """Look at what an `Authorization` header sends: a token, or a name and a password."""
    if scheme != "basic":
        return "a bearer token" if _is_random(value) else None
    try:
        sent = b64decode(value, validate=True).decode()
    except ValueError:
        return None
    password = sent.partition(":")[2]
    plain = len(password) < _SHORTEST_SENT or not _MIXED.match(password)
    return None if plain or _PLACEHOLDER.search(sent) else "a password in a header"


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower().replace("-", "_")


def _is_random(text: str) -> bool:
    if len(text) < _SHORTEST or _UUID.fullmatch(text):
        return False
    if not _MIXED.match(text):
        return False
    counts = Counter(text)
    bits = -sum(n / len(text) * math.log2(n / len(text)) for n in counts.values())
    return bits >= _RANDOM
