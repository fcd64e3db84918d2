"""artifact-store: keeps immutable versions, their content, and the journals of the sessions."""
