"""What more than one Quaestor service needs: contracts first, then the parts to serve them.

`contracts`, `errors`, `sections` and `markdown` need msgspec alone; `client`, `telemetry` and
`service` are extras of the distribution.
"""
