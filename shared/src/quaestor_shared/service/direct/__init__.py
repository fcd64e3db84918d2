"""Handlers called without the work that Litestar does for any handler there may be.

Litestar knows the handlers, documents them, and finds that of an address. To call one it would
make a tree of dependencies, a model of all arguments and two objects of the reply, each time anew.
For handlers as ours are, which of these are needed is known beforehand: `plans` tells what such a
handler takes, `remembered` what query and headers mean to it, `replies` makes a reply of what it
gives, and `calls` puts these together. Whatever is not plain is left to Litestar, faults of
parameters above all: so there is one wording of them.
"""

from quaestor_shared.service.direct.calls import DirectCalls

__all__ = ["DirectCalls"]
