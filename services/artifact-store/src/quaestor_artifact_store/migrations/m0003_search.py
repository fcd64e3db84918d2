"""The index of words: one document for each version, found by its words and by its facets."""

from quaestor_artifact_store.migrations.step import Step

__all__ = ["STEP"]

STEP = Step(
    name="0003_search",
    up=(
        # `id` is the position of the change that made the version: later versions have higher ones.
        """CREATE TABLE documents (
            id INTEGER PRIMARY KEY, version_id TEXT NOT NULL UNIQUE REFERENCES versions(id),
            facets TEXT NOT NULL, words TEXT NOT NULL, created_at TEXT NOT NULL) STRICT""",
        "CREATE INDEX documents_by_time ON documents(created_at, id)",
        # Beside the documents, which are long: whether one is the latest is asked of every match.
        """CREATE TABLE superseded (
            document_id INTEGER PRIMARY KEY REFERENCES documents(id),
            by_id INTEGER NOT NULL) STRICT""",
    ),
    down=("DROP TABLE superseded", "DROP TABLE documents"),
    # Words come folded and parted by spaces, so the tokenizer has only to take the spaces away.
    sqlite_up=(
        """CREATE VIRTUAL TABLE documents_fts USING fts5(
            facets, words, content='documents', content_rowid='id', tokenize='ascii')""",
    ),
    sqlite_down=("DROP TABLE documents_fts",),
    postgresql_up=(
        "ALTER TABLE documents ADD COLUMN search tsvector NOT NULL",
        "CREATE INDEX documents_by_search ON documents USING gin(search)",
    ),
)
