"""The interview engine: pure functions from a script, a state and answers to a new state."""
