"""Users' schemas run here: in processes that are killed at a limit of time or of memory."""
