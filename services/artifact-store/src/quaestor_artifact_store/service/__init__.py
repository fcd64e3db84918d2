"""What can be done with the store: one use case a method, one module a kind of thing."""
