"""Features: what artifacts and journals belong to."""

from quaestor_artifact_store.database import Transaction
from quaestor_shared.ids import new_id

__all__ = ["feature_key"]

KEY = "SELECT id FROM features WHERE slug = ?"


def feature_key(tx: Transaction, slug: str) -> str:
    """Give the key of a feature's row, which is made when the feature is first named."""
    found = tx.execute(KEY, (slug,)).fetchone()
    if found is not None:
        return str(found["id"])
    key = new_id()
    columns = "(id, slug, created_at, updated_at)"
    tx.execute(f"INSERT INTO features {columns} VALUES (?, ?, ?, ?)", (key, slug, tx.now, tx.now))
    return key
