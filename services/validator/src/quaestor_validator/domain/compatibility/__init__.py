"""Whether one schema takes every instance of another: proved, disproved, or neither."""
