"""The quaestor command: serve, interview, validate, demo."""
