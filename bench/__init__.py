"""Benchmarks: each runs us and a named peer alternately, in fresh processes."""
