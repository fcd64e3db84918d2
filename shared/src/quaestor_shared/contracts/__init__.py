"""What crosses HTTP, each thing defined once.

Frozen, keyword-only msgspec Structs: requests strict, replies tolerant. Import from the module
that names the subject: `from quaestor_shared.contracts.sessions import TurnRequest`.
"""
