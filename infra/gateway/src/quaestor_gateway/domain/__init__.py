"""What the gateway decides without looking: keys, routes, paths, headers."""
