"""What others decide: a backend design depends on it, and says so in `dependencies`.

The Backend Designer document leaves frontend, identity and infrastructure to others. Only words
that hardly stand for anything else count, and only where the design decides something: in names
of entities, internal APIs and processes, and in what processes do.
"""

import re
from collections.abc import Iterator

from quaestor_shared.contracts.findings import Severity
from quaestor_shared.pointers import Path
from quaestor_shared.service.schema_messages import cut
from quaestor_validator.domain.rules.base import Issue, NoOptions, Rule
from quaestor_validator.domain.rules.design import Design
from quaestor_validator.domain.rules.vocabulary import OWNED
from quaestor_validator.domain.words import listed

__all__ = ["RULES"]

_FRONTEND = listed(
    "react, vue, angular, svelte, css, tailwind, figma, landing page, web page, "
    "button, modal, dropdown, ui component, ui screen, page layout, single-page app, "
    "single page app, storybook, wireframe"
)
_IDENTITY = listed(
    "login page, login form, sign-up form, password reset, reset passwords, saml, "
    "single sign-on, sso, mfa, two-factor, 2fa, keycloak, auth0, okta, cognito, issue "
    "tokens, issues tokens, issue access tokens, refresh tokens, oauth server, "
    "identity provider, user federation"
)
_INFRASTRUCTURE = listed(
    "terraform, helm, vpc, subnet, subnets, firewall, dns, kubernetes cluster, "
    "ansible, pulumi, cloudformation, ci/cd, load balancer, provision servers, tls "
    "certificates, nat gateway, ingress controller, github actions"
)
# Of each phrase the longest word, one of which stands in every text that has one of them.
_MARKS = {
    domain: frozenset(max(re.findall("[a-z0-9]+", phrase), key=len) for phrase in phrases)
    for domain, phrases in (
        ("frontend", _FRONTEND),
        ("identity", _IDENTITY),
        ("infrastructure", _INFRASTRUCTURE),
    )
}
_WORDS = re.compile(r"[a-z0-9]+(?:[/-][a-z0-9]+)*")
_MOST_WORDS = 300


def frontend(design: Design, _: NoOptions) -> Iterator[Issue]:
    """Find decisions about what people see."""
    yield from _decisions(design, "frontend", _FRONTEND)


def identity(design: Design, _: NoOptions) -> Iterator[Issue]:
    """Find decisions about who people are."""
    yield from _decisions(design, "identity", _IDENTITY)


def infrastructure(design: Design, _: NoOptions) -> Iterator[Issue]:
    """Find decisions about the machines and networks that the backend runs on."""
    yield from _decisions(design, "infrastructure", _INFRASTRUCTURE)


def _decisions(design: Design, domain: str, phrases: tuple[str, ...]) -> Iterator[Issue]:
    if design.words.isdisjoint(_MARKS[domain]):
        return
    a = design.artifact
    if OWNED[domain].stand_in(design.depended_on):
        return
    named: list[tuple[Path, str]] = [
        (("apis", "internal", i, "name"), x.name) for i, x in enumerate(a.apis.internal)
    ]
    for i, process in enumerate(a.processes):
        named.append((("processes", i, "name"), process.name))
        named.append((("processes", i, "description"), process.description))
    for path, text in named:
        if phrase := _phrase_in(text, phrases):
            yield Issue(
                path=path,
                message=f"`{phrase}` is for those to decide who own {domain}",
                expected=f"the {domain} design that this one relies on, in `dependencies`",
                actual=cut(text),
                fix=f"leave the decision to them, and name it in `dependencies`, such as "
                f"`{domain}.json`",
                related=((("dependencies",), "it is not named here"),),
            )


def _phrase_in(text: str, phrases: tuple[str, ...]) -> str | None:
    lower = text.lower()
    if not any(phrase in lower for phrase in phrases):
        return None
    words = f" {' '.join(_WORDS.findall(lower)[:_MOST_WORDS])} "
    return next((phrase for phrase in phrases if f" {phrase} " in words), None)


RULES = tuple(
    Rule(
        code=f"scope/{check.__name__}",
        severity=Severity.INFO,
        title=f"Decisions about {check.__name__} are left to those who own it",
        check=check,
    )
    for check in (frontend, identity, infrastructure)
)
