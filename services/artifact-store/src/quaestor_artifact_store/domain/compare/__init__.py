"""Contents side by side: what is different between two, and what a merge makes of three."""
