"""What can be asked of validator: a module a family, one use case a method."""
