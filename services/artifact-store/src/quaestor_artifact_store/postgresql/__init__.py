"""The repository on PostgreSQL: one writer over all processes, a pool of readers."""
