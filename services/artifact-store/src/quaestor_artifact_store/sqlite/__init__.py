"""The repository on SQLite: one writer with group commit, readers that never block it."""
