"""Figures in the texts of a design: service levels and growth, as numbers with a unit.

People write them freely ("p95 < 200ms", "99.9% uptime", "finish < 2h", "100k in 12 months"), so
these parsers look for figures in a text instead of asking for one form. `write` gives each in its
usual form: reading that gives the same again.
"""

from quaestor_validator.domain.quantities.growth import (
    Growth,
    GrowthKind,
    growth_of,
    write_growth,
    yearly_of,
)
from quaestor_validator.domain.quantities.service_levels import (
    Measure,
    ServiceLevel,
    service_levels_of,
    write_service_level,
)

__all__ = [
    "Growth",
    "GrowthKind",
    "Measure",
    "ServiceLevel",
    "growth_of",
    "service_levels_of",
    "write_growth",
    "write_service_level",
    "yearly_of",
]
