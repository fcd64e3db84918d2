"""Whether data that is kept in one place is kept in another too: Germany is a part of the EU.

A residency names places, large and small: `EU (eu-central-1)`. What is said beside them, for
instance `no transfer to third parties`, is not understood, so it has to be the same on both sides.
"""

import re

__all__ = ["is_within"]

_LONGEST = 500
# Each place with what lies in it: countries, cities, and the regions of large clouds.
_PLACES = {
    "world": "europe; north america; australia; india; japan; singapore; brazil",
    "europe": "eea; uk; switzerland",
    "eea": "eu; norway",
    "eu": "germany; france; ireland; netherlands; sweden; finland; denmark; spain; italy; belgium; "
    "austria; poland; portugal; greece; czechia; hungary; romania; europe-central2",
    "north america": "usa; canada",
    "germany": "frankfurt; berlin; eu-central-1; europe-west3; europe-west10; germanywestcentral; "
    "germanynorth",
    "france": "paris; eu-west-3; europe-west9; francecentral",
    "ireland": "dublin; eu-west-1; northeurope",
    "netherlands": "amsterdam; europe-west4; westeurope",
    "sweden": "stockholm; eu-north-1; swedencentral",
    "finland": "helsinki; europe-north1",
    "spain": "madrid; eu-south-2; europe-southwest1; spaincentral",
    "italy": "milan; eu-south-1; europe-west8; italynorth",
    "belgium": "brussels; europe-west1",
    "austria": "vienna; austriaeast",
    "poland": "warsaw; polandcentral",
    "norway": "oslo; norwayeast",
    "uk": "london; england; eu-west-2; europe-west2; uksouth; ukwest",
    "switzerland": "zurich; geneva; eu-central-2; europe-west6; switzerlandnorth",
    "usa": "virginia; ohio; oregon; california; eastus; eastus2; westus; westus2; westus3; "
    "centralus; us-central1; us-east4; us-west1",
    "virginia": "us-east-1",
    "ohio": "us-east-2",
    "california": "us-west-1",
    "oregon": "us-west-2",
    "canada": "montreal; toronto; ca-central-1; canadacentral; canadaeast",
    "australia": "sydney; melbourne; ap-southeast-2; australiaeast",
    "india": "mumbai; ap-south-1; centralindia",
    "japan": "tokyo; osaka; ap-northeast-1; ap-northeast-3; japaneast; japanwest",
    "singapore": "ap-southeast-1; southeastasia",
    "brazil": "sao paulo; sa-east-1; brazilsouth",
}
_NAMES = {
    "european union": "eu",
    "eu member states": "eu",
    "european economic area": "eea",
    "great britain": "uk",
    "united kingdom": "uk",
    "swiss": "switzerland",
    "zürich": "zurich",
    "us": "usa",
    "united states": "usa",
    "são paulo": "sao paulo",
    "global": "world",
    "worldwide": "world",
    "anywhere": "world",
    "any region": "world",
    "any": "world",
}
_INSIDE = {part: whole for whole, parts in _PLACES.items() for part in parts.split("; ")}
_KNOWN = {place: place for place in (*_PLACES, *_INSIDE)} | _NAMES
_PLACE = re.compile(
    rf"(?<![\w-])(?:{'|'.join(map(re.escape, sorted(_KNOWN, key=len, reverse=True)))})(?![\w-])"
)
_WORD = re.compile(r"\w[\w-]*")
# These may come and go: "data stays in the EU only" is "EU".
_SAYING_NOTHING = frozenset(
    (
        "and",
        "or",
        "in",
        "the",
        "only",
        "is",
        "are",
        "all",
        "data",
        "kept",
        "stays",
        "stored",
        "region",
    )
) | {"regions", "within", "of", "inside"}


def is_within(after: str, before: str) -> bool:
    """Say whether all that is kept where `after` tells is kept where `before` told.

    The largest places have to lie in one of before, and the smallest must not be elsewhere. Within
    the same large place, each of the smallest has to lie in one of before.
    """
    was, now = _read(before), _read(after)
    if was is None or now is None or was[1] != now[1]:
        return False
    largest, smallest = (_largest(was[0]), _largest(now[0])), (_smallest(was[0]), _smallest(now[0]))
    if not all(any(_lies_in(place, whole) for whole in largest[0]) for place in largest[1]):
        return False
    if largest[0] & largest[1]:
        return all(any(_lies_in(place, whole) for whole in smallest[0]) for place in smallest[1])
    return all(
        any(_lies_in(place, other) or _lies_in(other, place) for other in smallest[0])
        for place in smallest[1]
    )


def _read(text: str) -> tuple[frozenset[str], frozenset[str]] | None:
    """Give the places that a text names, and the words beside them; None where there are none."""
    if len(text) > _LONGEST:
        return None
    lower = " ".join(text.casefold().split())
    places = frozenset(_KNOWN[match[0]] for match in _PLACE.finditer(lower))
    words = frozenset(_WORD.findall(_PLACE.sub(" ", lower))) - _SAYING_NOTHING
    return (places, words) if places else None


def _largest(places: frozenset[str]) -> frozenset[str]:
    return frozenset(p for p in places if not any(p != o and _lies_in(p, o) for o in places))


def _smallest(places: frozenset[str]) -> frozenset[str]:
    return frozenset(p for p in places if not any(p != o and _lies_in(o, p) for o in places))


def _lies_in(place: str, whole: str) -> bool:
    at: str | None = place
    while at is not None and at != whole:
        at = _INSIDE.get(at)
    return at is not None
