"""Areas of the world: as a residency names them, and as regions of clouds lie in them."""

import re
from collections.abc import Iterator
from functools import lru_cache

from quaestor_validator.domain.words import listed

__all__ = ["SIDES", "areas_of", "host_area", "may_name_region", "may_show_area", "regions_in"]

_AREAS: dict[str, tuple[str, ...]] = {
    "EU": listed(
        "eu, eea, europe, european union, germany, france, ireland, netherlands, sweden, "
        "finland, denmark, spain, italy, belgium, austria, poland, frankfurt, dublin, "
        "paris, amsterdam, stockholm, milan, berlin"
    ),
    "UK": ("uk", "united kingdom", "great britain", "england", "london"),
    "Switzerland": ("switzerland", "swiss", "zurich", "zürich", "geneva"),
    "USA": ("us", "usa", "united states", "virginia", "ohio", "oregon", "california"),
    "Canada": ("canada", "montreal", "toronto"),
    "Australia": ("australia", "sydney", "melbourne"),
    "India": ("india", "mumbai"),
    "Japan": ("japan", "tokyo", "osaka"),
    "Singapore": ("singapore",),
    "Brazil": ("brazil", "sao paulo", "são paulo"),
}
_AREA = {word: area for area, words in _AREAS.items() for word in words}
_AREA_WORD = re.compile(rf"\b(?:{'|'.join(sorted(_AREA, key=len, reverse=True))})\b", re.IGNORECASE)
_ANYWHERE = re.compile(
    r"\b(?:global|worldwide|anywhere|any region|no restrictions?|unrestricted|not restricted"
    r"|multi-?region)\b",
    re.IGNORECASE,
)
# "us" is also a pronoun: it counts as the country in capitals, or as all that is said.
_PRONOUN = re.compile(r"\bus\b")

# One of these stands in the name of every region.
SIDES = ("north", "south", "east", "west", "central")
_SIDES = "north|south|east|west|central|northeast|northwest|southeast|southwest"
_REGION = re.compile(
    rf"(?<![a-z0-9])(?:(?:us|eu|ca|sa|ap|me|af|il|mx|europe|asia|australia|northamerica"
    rf"|southamerica|africa)-(?:gov-)?(?:{_SIDES})-?[0-9]{{1,2}}"
    r"|(?:west|north)europe|germanywestcentral|germanynorth|francecentral|swedencentral"
    r"|polandcentral|italynorth|spaincentral|norwayeast|switzerland(?:north|west)|uk(?:south|west)"
    r"|(?:east|west|central|northcentral|southcentral|westcentral)us[23]?"
    r"|canada(?:central|east)|australia(?:east|southeast|central)|japan(?:east|west)"
    r"|(?:central|south|west)india|southeastasia|eastasia|brazilsouth)(?![a-z0-9])",
    re.IGNORECASE,
)
# How the regions of an area start; the longest start that fits counts, so that London is not EU.
# Norway counts as EU: the rules for personal data are those of the European Economic Area.
_STARTS = {
    "EU": "eu-, europe-, westeurope, northeurope, germany, france, sweden, poland, italy, spain, "
    "norway",
    "UK": "uk, eu-west-2, europe-west2",
    "Switzerland": "switzerland, eu-central-2, europe-west6",
    "USA": "us-, eastus, westus, centralus, northcentralus, southcentralus, westcentralus",
    "Canada": "canada, ca-, northamerica-northeast",
    "Australia": "australia, ap-southeast-2, ap-southeast-4",
    "India": "ap-south-, asia-south1, asia-south2, centralindia, southindia, westindia",
    "Japan": "japan, ap-northeast-1, ap-northeast-3, asia-northeast1, asia-northeast2",
    "Singapore": "southeastasia, ap-southeast-1, asia-southeast1",
    "Brazil": "brazil, sa-east-1, southamerica-east1",
}
_AREA_OF_START = {start: area for area, text in _STARTS.items() for start in listed(text)}
_LONGEST = 2_000


def areas_of(residency: str) -> frozenset[str]:
    """Give the areas that data may be in; none where that is not told, or not restricted."""
    return _areas_of(residency[:_LONGEST])


@lru_cache(maxsize=256)
def _areas_of(text: str) -> frozenset[str]:
    if _ANYWHERE.search(text):
        return frozenset()
    whole = text.strip().lower() in ("us", "us only", "us-only")
    return frozenset(
        _AREA[match[0].lower()]
        for match in _AREA_WORD.finditer(text)
        if whole or not _PRONOUN.fullmatch(match[0])
    )


def may_name_region(lower: str) -> bool:
    """Say, quickly, whether a closer look at a text, in lower case, is worth while."""
    return any(map(lower.__contains__, SIDES))


def regions_in(text: str) -> Iterator[tuple[str, str]]:
    """Give each region of a cloud that a text names, and the area it lies in."""
    for match in _REGION.finditer(text[:_LONGEST]):
        region = match[0].lower()
        starts = [start for start in _AREA_OF_START if region.startswith(start)]
        yield match[0], _AREA_OF_START[max(starts, key=len)] if starts else "another area"


def may_show_area(lower: str) -> bool:
    """Say, quickly, whether a closer look at hosts, in lower case, is worth while."""
    return "eu" in lower or "us" in lower


def host_area(host: str) -> str | None:
    """Give the area that a label of a host name stands for, as in `api.eu.example.com`."""
    labels = re.split(r"[.-]", host.lower())[:-1]
    return next((area for label, area in (("eu", "EU"), ("us", "USA")) if label in labels), None)
