"""What has to be clear before anybody builds: the checklists of the Backend Architect document.

Its pre-implementation, implementation and handoff lists, as far as a design can show them; what
only code or a test run can show (migrations tested, indexes added) is left out.
"""

from collections.abc import Iterator
from itertools import chain

from quaestor_shared.contracts.artifact import Method
from quaestor_shared.contracts.findings import Severity
from quaestor_shared.pointers import Path
from quaestor_shared.service.schema_messages import cut
from quaestor_validator.domain.quantities import Measure, service_levels_of
from quaestor_validator.domain.rules.base import Issue, NoOptions, Rule
from quaestor_validator.domain.rules.design import Design
from quaestor_validator.domain.rules.vocabulary import OWNED
from quaestor_validator.domain.words import Phrases, is_nothing, listed, tokens

__all__ = ["RULES"]

_MOST_RELATED = 10
_SENDING = (Method.POST, Method.PUT, Method.PATCH)
_AUTHENTICATION = Phrases(
    "identity, identities, auth, auth0, authn, authz, authentic*, unauthentic*, authoris*, "
    "authoriz*, unauthor*, oidc, oauth*, openid*, saml, jwt, jwts, jws, token, tokens, api key, "
    "api keys, api-key*, api_key*, apikey*, sso, login, logins, log in, logs in, logged in, "
    "logged-in, sign in, signs in, signed in, signed-in, iam, mtls, mutual tls, client "
    "certificate*, public api*, apis are public, api is public, are public, is public, "
    "everybody, everyone, anyone, anonymous*"
)
_LIMITS = Phrases("rate limit*, rate-limit*, ratelimit*, quota*, throttl*, 429")
_FAILURE = Phrases(
    "retry*, retri*, timeout*, time out, times out, timed out, fallback*, fall back, falls back, "
    "circuit*, backoff*, back off, backs off, dead letter*, dead-letter*, dlq*, degrad*, "
    "compensat*, when it fails, is down, unavailab*, outage*"
)
_KEYS = frozenset(("pk", "primary", "key", "identity"))
_KEY_NAMES = frozenset(listed("id, uuid, guid, key, pk, slug, code, number, sku"))
_NAMED = {
    "identity": Phrases("identity service*, identity provider*, oidc, oauth, oauth2, sso"),
    "frontend": Phrases("frontend*, front-end*, mobile app*, web app*"),
    "infrastructure": Phrases("infrastructure, kubernetes, platform team*, load balancer*"),
    "research": Phrases("research*"),
}


def no_contract(design: Design, _: NoOptions) -> Iterator[Issue]:
    """Find, once in a design, methods that are sent something of which there is no example."""
    places: list[Path] = []
    for i, api in enumerate(design.artifact.apis.internal):
        if api.payload_examples.keys().isdisjoint(_SENDING) and any(
            method in _SENDING for method in api.methods
        ):
            places.append(("apis", "internal", i, "payload_examples"))
    if places:
        api = design.artifact.apis.internal[int(places[0][2])]
        yield Issue(
            path=places[0],
            message=f"what is sent to {cut(api.name)} is not shown",
            expected="an example payload for POST, PUT or PATCH",
            fix="show one example; clients and mock servers are made from it",
            related=tuple((place, "nor here") for place in places[1 : _MOST_RELATED + 1]),
        )


def no_fields(design: Design, _: NoOptions) -> Iterator[Issue]:
    """Find entities without fields."""
    for i in design.fields.without_id:
        entity = design.artifact.entities[i]
        if not entity.fields:
            yield Issue(
                path=("entities", i, "fields"),
                message=f"{cut(entity.name)} has no field, so there is nothing to store",
                expected="at least the field that identifies it",
                actual="[]",
                fix="name its fields, or leave the entity out",
            )


def no_key(design: Design, _: NoOptions) -> Iterator[Issue]:
    """Find, once in a design, entities without a field that tells one row from another."""
    unidentified = [
        i
        for i in design.fields.without_id
        if design.artifact.entities[i].fields and not _has_key(design, i)
    ]
    if unidentified:
        first, *others = unidentified
        yield Issue(
            path=("entities", first, "fields"),
            message=f"no field of {cut(design.artifact.entities[first].name)} tells one row from "
            "another",
            expected="a field such as `id uuid pk`",
            fix="add the field that identifies it",
            related=tuple((("entities", i, "fields"), "nor here") for i in others[:_MOST_RELATED]),
        )


def _has_key(design: Design, i: int) -> bool:
    if any(word[-1:] and word[-1] in _KEY_NAMES for word in map(tokens, design.fields.names[i])):
        return True
    fields = design.artifact.entities[i].fields
    return any(not _KEYS.isdisjoint(tokens(field)) or "unique" in field.lower() for field in fields)


def no_authentication(design: Design, _: NoOptions) -> Iterator[Issue]:
    """Find that nothing says who may call the internal APIs."""
    apis = design.artifact.apis.internal
    if apis and not design.speaks_of(_AUTHENTICATION):
        yield Issue(
            path=("apis", "internal"),
            message="nothing says who may call these APIs: everybody, or who has proved what",
            expected="a word on authentication in `dependencies` or `assumptions`",
            fix="name the design that identity comes from, such as `identity.json`, or say that "
            "the APIs are public",
        )


def no_rate_limit(design: Design, _: NoOptions) -> Iterator[Issue]:
    """Find that nothing says how often the internal APIs may be called."""
    apis = design.artifact.apis.internal
    if not apis or design.speaks_of(_LIMITS):
        return
    assumed = map(service_levels_of, design.artifact.assumptions)
    levels = chain.from_iterable(chain(design.api_levels.values(), assumed))
    if not any(level.measure is Measure.THROUGHPUT for level in levels):
        yield Issue(
            path=("apis", "internal"),
            message="nothing says how often one caller may call these APIs",
            expected="a rate limit, such as `100 requests/min for each user`",
            fix="put it into the service level or the assumptions",
        )


def no_failure_plan(design: Design, _: NoOptions) -> Iterator[Issue]:
    """Find external APIs in a design that does not say what happens when one fails."""
    external = design.artifact.apis.external
    if external and not design.speaks_of(_FAILURE):
        yield Issue(
            path=("apis", "external"),
            message=f"nothing says what happens when {cut(external[0].provider)} does not answer",
            expected="a word on timeouts, retries or a fallback",
            fix="say it in the process that calls, or in the assumptions",
        )


def unlisted_dependency(design: Design, _: NoOptions) -> Iterator[Issue]:
    """Find assumptions about identity, frontend, infrastructure or research that no dependency
    is named for.
    """
    assumptions = design.artifact.assumptions
    everything = "\n".join(assumptions)
    lower = everything.lower()
    if not any(words.stand_in(everything, lower) for words in _NAMED.values()):
        return
    missing = {
        domain: words
        for domain, words in _NAMED.items()
        if not OWNED[domain].stand_in(design.depended_on)
    }
    for i, assumption in enumerate(assumptions):
        domain = next((d for d, words in missing.items() if words.stand_in(assumption)), None)
        if domain is not None:
            yield Issue(
                path=("assumptions", i),
                message=f"this relies on {domain}, which `dependencies` does not name",
                expected=f"a dependency such as `{domain}.json`",
                actual=cut(assumption),
                fix="name what this is assumed of in `dependencies`",
                related=((("dependencies",), "not named here"),),
            )


def nothing_runs(design: Design, _: NoOptions) -> Iterator[Issue]:
    """Find a design that exposes nothing and does nothing."""
    if not design.artifact.apis.internal and not design.artifact.processes:
        yield Issue(
            path=("apis", "internal"),
            message="there is neither an internal API nor a process, so nothing reaches the data",
            expected="at least one of them",
            actual="[]",
            fix="say how data gets in and out",
        )


def no_logging(design: Design, _: NoOptions) -> Iterator[Issue]:
    """Find that nothing is logged."""
    logging = design.artifact.compliance.logging
    if is_nothing(logging):
        yield Issue(
            path=("compliance", "logging"),
            message="nothing is logged, so nobody can find out what went wrong",
            expected="what is logged, such as `every request with its correlation id`",
            actual=cut(logging),
            fix="say what is logged of requests, errors and accesses",
        )


RULES = tuple(
    Rule(code=f"completeness/{name}", severity=severity, title=title, check=check)
    for name, severity, title, check in (
        ("no-contract", Severity.INFO, "What is sent to an API is shown", no_contract),
        ("no-fields", Severity.WARN, "An entity has fields", no_fields),
        ("no-key", Severity.INFO, "A field tells one row from another", no_key),
        ("no-authentication", Severity.INFO, "It is told who may call", no_authentication),
        ("no-rate-limit", Severity.INFO, "It is told how often one may call", no_rate_limit),
        (
            "no-failure-plan",
            Severity.INFO,
            "It is told what a failure of others does",
            no_failure_plan,
        ),
        ("unlisted-dependency", Severity.INFO, "What is relied on is listed", unlisted_dependency),
        ("nothing-runs", Severity.INFO, "Something reaches the data", nothing_runs),
        ("no-logging", Severity.INFO, "Something is logged", no_logging),
    )
)
