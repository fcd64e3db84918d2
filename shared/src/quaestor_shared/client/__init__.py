"""How one Quaestor program calls another: over pooled HTTP, or in the same process."""
