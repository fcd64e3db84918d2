"""Handlers called without the work that Litestar does for any handler there may be.

Litestar routes a request, documents the handler, and handles what is raised. In between it would
make a tree of dependencies, a model of all arguments and two objects of the reply, each time anew.
For handlers as ours are, which of these are needed is known beforehand: `plans` tells what such a
handler takes, `remembered` what query and headers mean to it, `replies` sends what it gives, and
`calls` puts these together. Whatever is not plain is left to Litestar, faults above all: so there
is one wording of them.
"""

from quaestor_shared.service.direct.calls import DirectCalls

__all__ = ["DirectCalls"]
