"""The repository on PostgreSQL: one writer over all processes, and readers beside it."""
