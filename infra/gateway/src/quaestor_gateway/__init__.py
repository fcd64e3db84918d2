"""gateway: stands in front of the services; authenticates, limits, routes."""
