"""design-api: runs the numbered interview, turn by turn, to Finalize."""
