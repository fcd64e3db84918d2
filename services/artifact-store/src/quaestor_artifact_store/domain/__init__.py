"""What the store decides without looking: paths, version expressions, digests."""
