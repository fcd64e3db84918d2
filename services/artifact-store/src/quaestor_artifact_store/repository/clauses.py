"""Clauses of lists: parts of a WHERE, each with its parameters.

Those of `narrowing` are looked at row by row. Their column is always part of an expression, so
that no planner takes an index for them and leaves the one that the list is sorted by.
"""

from collections.abc import Iterable, Iterator

from quaestor_artifact_store.database import Value

__all__ = ["Clause", "joined", "narrowing"]

Clause = tuple[str, tuple[Value, ...]]
_TESTS = {
    "is": "{column} || '' = ?",
    "from": "{column} || '' >= ?",
    "before": "{column} || '' < ?",
    "starts": "substr({column}, 1, CAST(? AS INTEGER)) = ?",
    "media": "substr(lower({column}) || ';', 1, CAST(? AS INTEGER)) = ?",
}


def narrowing(*wanted: tuple[str, str, str | None]) -> Iterator[Clause]:
    """Give the clauses for what is wanted: a column, a test by its name, and a value or None.

    The tests are `is`, `from` (at least), `before` (less), `starts`, and `media` for a media type
    whatever its parameters and case.
    """
    for column, test, value in wanted:
        if value is None:
            continue
        sought = f"{value.lower()};" if test == "media" else value
        parameters = (len(sought), sought) if test in ("starts", "media") else (sought,)
        yield _TESTS[test].format(column=column), parameters


def joined(clauses: Iterable[Clause]) -> Clause:
    """Give the conjunction of clauses."""
    texts, parameters = zip(*clauses, strict=True)
    return " AND ".join(texts), tuple(value for values in parameters for value in values)
