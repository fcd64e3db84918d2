"""Words that SQL keeps for itself."""

from quaestor_validator.domain.words import listed

__all__ = ["RESERVED"]

# Those of PostgreSQL 17, appendix C, that are reserved there and in SQL:2023, and that somebody
# could want as the name of a table.
RESERVED = frozenset(
    listed(
        "all, array, authorization, case, cast, check, collation, column, constraint, "
        "current, default, distinct, end, fetch, foreign, from, grant, group, having, in, "
        "into, lateral, limit, not, null, offset, on, only, or, order, primary, "
        "references, select, symmetric, table, then, to, trailing, union, unique, user, "
        "using, when, where, window, with"
    )
)
