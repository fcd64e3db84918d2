"""APIs of others: reached safely, within what their providers allow."""

import re
from collections.abc import Iterator
from ipaddress import ip_address
from operator import attrgetter
from urllib.parse import urlsplit

from msgspec import UNSET

from quaestor_shared.contracts.findings import Severity
from quaestor_shared.pointers import Path
from quaestor_shared.service.schema_messages import cut
from quaestor_validator.domain.quantities import Measure, service_levels_of
from quaestor_validator.domain.rules.base import Issue, NoOptions, Rule
from quaestor_validator.domain.rules.design import Design
from quaestor_validator.domain.rules.patches import replace
from quaestor_validator.domain.words import is_nothing, is_open

__all__ = ["RULES"]

_SECURE = {"http": "https", "ws": "wss", "ftp": "ftps", "amqp": "amqps", "mqtt": "mqtts"}
_SCHEME = re.compile(r"\s*([a-z][a-z0-9+.-]{1,20})://", re.IGNORECASE)
_PRIVATE_NAMES = (".local", ".localhost", ".internal", ".lan")
_WITHOUT_LIMIT = ("unlimited", "no limit", "without limit", "not limited")


def no_rate_limit(design: Design, _: NoOptions) -> Iterator[Issue]:
    """Find external APIs whose rate limit is not told."""
    for i, api in enumerate(design.artifact.apis.external):
        if api.rate_limits is UNSET or is_nothing(api.rate_limits):
            yield Issue(
                path=_place(i, "rate_limits", api.rate_limits),
                message=f"how often {cut(api.provider)} may be called is not told",
                expected="a rate, such as `50 requests/min`, or `unlimited`",
                fix="look the limit up; where the provider names none, write `unlimited`",
            )


def unreadable_rate_limit(design: Design, _: NoOptions) -> Iterator[Issue]:
    """Find rate limits that are no amount in a span of time."""
    for i, api in enumerate(design.artifact.apis.external):
        text = api.rate_limits
        if text is UNSET or is_nothing(text) or is_open(text):
            continue
        if any(word in text.lower() for word in _WITHOUT_LIMIT):
            continue
        if not any(s.measure is Measure.THROUGHPUT for s in service_levels_of(text)):
            yield Issue(
                path=("apis", "external", i, "rate_limits"),
                message=f"the rate limit of {cut(api.provider)} cannot be read as a rate",
                expected="an amount in a span of time, such as `50 requests/min`",
                actual=cut(text),
                fix="write how many requests there may be in which time",
            )


def no_sla(design: Design, _: NoOptions) -> Iterator[Issue]:
    """Find external APIs whose service level is not told."""
    for i, api in enumerate(design.artifact.apis.external):
        if api.sla is UNSET or is_nothing(api.sla):
            yield Issue(
                path=_place(i, "sla", api.sla),
                message=f"what {cut(api.provider)} promises is not told",
                expected="a service level, such as `99.5% uptime`, or `none promised`",
                fix="look the promise up; where there is none, write `none promised` and plan "
                "for its absence",
            )


def _place(index: int, member: str, value: object) -> Path:
    here: Path = ("apis", "external", index)
    return here if value is UNSET else (*here, member)


def insecure_endpoint(design: Design, _: NoOptions) -> Iterator[Issue]:
    """Find endpoints that are reached without TLS."""
    for i, api in enumerate(design.artifact.apis.external):
        match = _SCHEME.match(api.endpoint)
        secure = _SECURE.get(match[1].lower()) if match else None
        if match is None or secure is None or _is_private(api.endpoint):
            continue
        path = ("apis", "external", i, "endpoint")
        better = secure + api.endpoint[match.end(1) :].strip()
        yield Issue(
            path=path,
            message=f"{cut(api.provider)} is reached over `{match[1]}`, which anybody on the way "
            "can read and change",
            expected=f"an endpoint with `{secure}://`",
            actual=cut(api.endpoint),
            fix=f"use `{secure}://`; a provider without it should not get any data",
            did_you_mean=better if len(better) < 100 else None,
            patch=replace(path, api.endpoint, better),
        )


def private_endpoint(design: Design, _: NoOptions) -> Iterator[Issue]:
    """Find endpoints of others that are on this machine or in a private network."""
    for i, api in enumerate(design.artifact.apis.external):
        if _is_private(api.endpoint):
            yield Issue(
                path=("apis", "external", i, "endpoint"),
                message=f"the endpoint of {cut(api.provider)} cannot be reached from elsewhere",
                expected="the provider's public endpoint",
                actual=cut(api.endpoint),
                fix="put the provider's own endpoint here; a service of yours belongs in "
                "`dependencies`",
            )


def _is_private(endpoint: str) -> bool:
    try:
        host = urlsplit(endpoint.strip()[:500]).hostname or ""
    except ValueError:
        return False
    if host == "localhost" or host.endswith(_PRIVATE_NAMES):
        return True
    try:
        return ip_address(host).is_private
    except ValueError:
        return False


RULES = (
    Rule(
        code="external/no-rate-limit",
        severity=Severity.INFO,
        title="The rate limit of an external API is told",
        check=no_rate_limit,
        needs=attrgetter("external"),
    ),
    Rule(
        code="external/unreadable-rate-limit",
        severity=Severity.WARN,
        title="A rate limit is an amount in a span of time",
        check=unreadable_rate_limit,
        needs=attrgetter("external"),
    ),
    Rule(
        code="external/no-sla",
        severity=Severity.INFO,
        title="What an external API promises is told",
        check=no_sla,
        needs=attrgetter("external"),
    ),
    Rule(
        code="external/insecure-endpoint",
        severity=Severity.WARN,
        title="An external API is reached over TLS",
        check=insecure_endpoint,
        needs=attrgetter("odd_endpoints"),
    ),
    Rule(
        code="external/private-endpoint",
        severity=Severity.WARN,
        title="The endpoint of an external API is public",
        check=private_endpoint,
        needs=attrgetter("odd_endpoints"),
    ),
)
