"""Where data stays, against where the design would send it."""

from collections.abc import Iterator
from operator import attrgetter
from urllib.parse import urlsplit

from msgspec import UNSET

from quaestor_shared.contracts.findings import Severity
from quaestor_shared.pointers import Path
from quaestor_shared.service.schema_messages import cut
from quaestor_validator.domain.regions import (
    SIDES,
    areas_of,
    host_area,
    may_name_region,
    may_show_area,
    regions_in,
)
from quaestor_validator.domain.rules.base import Issue, NoOptions, Rule
from quaestor_validator.domain.rules.design import Design

__all__ = ["RULES"]

_MOST_RELATED = 10
_PLACE: Path = ("compliance", "residency")


def region_outside(design: Design, _: NoOptions) -> Iterator[Issue]:
    """Find regions of clouds, and hosts of providers, outside the area that data stays in."""
    areas = areas_of(design.artifact.compliance.residency)
    if not areas:
        return
    for path, text, region, area in _named_regions(design):
        if area not in areas:
            yield Issue(
                path=path,
                message=f"{region} lies in {area}, and the data has to stay in "
                f"{' or '.join(sorted(areas))}",
                expected=f"a region in {' or '.join(sorted(areas))}",
                actual=cut(text),
                fix="use a region inside, or widen the residency if that is allowed",
                related=((_PLACE, "the residency"),),
            )


def _named_regions(design: Design) -> Iterator[tuple[Path, str, str, str]]:
    external = design.artifact.apis.external
    if design.says(*SIDES) or may_name_region(design.endpoints):
        for path, text in _texts(design):
            for region, area in regions_in(text):
                yield path, text, region, area
                break
    for i, api in enumerate(external if may_show_area(design.endpoints) else ()):
        host = _host(api.endpoint)
        shown = host_area(host)
        if shown is not None and not any(regions_in(host)):
            yield ("apis", "external", i, "endpoint"), api.endpoint, host, shown


def _texts(design: Design) -> Iterator[tuple[Path, str]]:
    a = design.artifact
    for i, api in enumerate(a.apis.external):
        yield ("apis", "external", i, "endpoint"), api.endpoint
    for i, store in enumerate(a.storage):
        yield ("storage", i, "technology"), store.technology
        if store.notes is not UNSET:
            yield ("storage", i, "notes"), store.notes
    yield ("scaling", "strategy"), a.scaling.strategy
    if a.scaling.notes is not UNSET:
        yield ("scaling", "notes"), a.scaling.notes


def provider_without_region(design: Design, _: NoOptions) -> Iterator[Issue]:
    """Find, once in a design, providers of which nothing says where they keep personal data.

    A provider whose endpoint shows a region, or that the compliance notes name, is accounted for.
    """
    a = design.artifact
    if not a.apis.external or not areas_of(a.compliance.residency) or not design.fields.personal:
        return
    told = f"{a.compliance.residency} {a.compliance.notes or ''}".lower()
    silent = [
        (i, api.provider)
        for i, api in enumerate(a.apis.external)
        if api.provider.lower() not in told
        and not any(regions_in(api.endpoint))
        and not host_area(_host(api.endpoint))
    ]
    if silent:
        i, provider = silent[0]
        yield Issue(
            path=("apis", "external", i, "provider"),
            message=f"nothing says whether {cut(provider)} gets personal data, and where it "
            "keeps what it gets",
            expected="a word on each provider in the compliance notes",
            actual=cut(provider),
            fix="note what goes to the provider and where it stays, or that nothing personal does",
            related=(
                (_PLACE, "the residency"),
                *(
                    (("apis", "external", j, "provider"), "this provider too")
                    for j, _name in silent[1:_MOST_RELATED]
                ),
            ),
        )


def _host(endpoint: str) -> str:
    try:
        return urlsplit(endpoint.strip()[:500]).hostname or ""
    except ValueError:
        return ""


RULES = (
    Rule(
        code="compliance/region-outside",
        severity=Severity.WARN,
        title="Data stays in the area that its residency names",
        check=region_outside,
    ),
    Rule(
        code="compliance/provider-without-region",
        severity=Severity.INFO,
        title="It is told which providers get personal data, and where they keep it",
        check=provider_without_region,
        needs=attrgetter("fields.personal"),
    ),
)
