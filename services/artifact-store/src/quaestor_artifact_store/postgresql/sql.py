"""How the SQL that both databases share is said to PostgreSQL."""

import re
from functools import lru_cache

__all__ = ["schema_sql", "translated"]

# What may hold a `?` that is no parameter: texts, quoted names, comments.
_TOKENS = re.compile(
    r"""'(?:[^']|'')*' | "(?:[^"]|"")*" | --[^\n]* | /\*.*?\*/ | \?""", re.VERBOSE | re.DOTALL
)
_TYPES = {
    "TEXT": 'TEXT COLLATE "C"',  # compared by bytes, as SQLite compares
    "INTEGER": "BIGINT",
    "BLOB": "BYTEA",
}
_TYPE = re.compile(rf"'(?:[^']|'')*' | \b(?:{'|'.join(_TYPES)})\b", re.VERBOSE)
_OPTIONS = re.compile(r"\)\s*(?:STRICT|WITHOUT ROWID)(?:\s*,\s*(?:STRICT|WITHOUT ROWID))*\s*\Z")


@lru_cache(maxsize=1024)
def translated(sql: str) -> str:
    """Write the parameters of a statement as `$1`, `$2`, ... in place of `?`."""
    count = 0

    def number(found: re.Match[str]) -> str:
        nonlocal count
        if found[0] != "?":
            return found[0]
        count += 1
        return f"${count}"

    return _TOKENS.sub(number, sql)


def schema_sql(statement: str) -> str:
    """Translate a statement of the schema: column types, and what only SQLite's tables have."""
    if not statement.lstrip().upper().startswith(("CREATE TABLE", "ALTER TABLE")):
        return statement
    typed = _TYPE.sub(lambda found: _TYPES.get(found[0], found[0]), statement)
    return _OPTIONS.sub(")", typed)
