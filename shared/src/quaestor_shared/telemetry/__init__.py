"""Logs, traces, and the correlation id that ties them together."""
