"""Two users' schemas compared: a proof that one takes all of the other, or instances it loses."""

from quaestor_shared.json_patch import encoded
from quaestor_shared.service.schema_messages import describe
from quaestor_validator.domain.compatibility.bundle import Bundle, bundle
from quaestor_validator.domain.compatibility.containment import unproved_places
from quaestor_validator.domain.compatibility.documents import SchemaDocument
from quaestor_validator.domain.compatibility.report import Lost
from quaestor_validator.domain.compatibility.search import lost_instances
from quaestor_validator.workers.compiling import Compiler
from quaestor_validator.workers.protocol import Compared, Schema

__all__ = ["lost", "unproved"]

_MOST_LOST = 1_000
_LARGEST_WITNESS = 100_000  # bytes


def lost(compiler: Compiler, old: Schema, new: Schema) -> Compared:
    """Give instances of `old` that `new` turns away. Raises UnusableSchema, Unknown."""
    takes, refuses = (compiler.compile(each, formats=True).validator for each in (old, new))
    was, now = (_document(_bundle(compiler, each)) for each in (old, new))
    found = lost_instances(was, now, takes, refuses)
    shown = [
        Lost(
            schema_path=each.schema_path,
            instance_path=each.instance_path,
            keyword=each.error.kind.name,
            message=describe(each.error, each.error.instance),
            witness=encoded(each.instance),
        )
        for each in found
    ]
    return Compared(
        lost=tuple(each for each in shown if len(each.witness) <= _LARGEST_WITNESS)[:_MOST_LOST]
    )


def unproved(compiler: Compiler, old: Schema, new: Schema) -> Compared:
    """Give the places of which nothing is proved. Raises UnusableSchema, Unknown.

    Schemas with a loop that never steps into the instance would end this process, so of them
    nothing is proved.
    """
    for each in (old, new):
        compiler.compile(each, formats=True)
    bundles = _bundle(compiler, old), _bundle(compiler, new)
    documents = _document(bundles[0]), _document(bundles[1])
    if any(document.has_endless_loop() for document in documents):
        return Compared(unproved=((),))
    places = unproved_places(*documents)
    told = (bundles[1].place(place.new or ()) for place in places)
    return Compared(unproved=tuple(dict.fromkeys(told)))


def _bundle(compiler: Compiler, schema: Schema) -> Bundle:
    """Give a schema that was compiled, with those that it refers to."""
    return bundle(compiler.read(schema), schema.base, compiler.look_up)


def _document(found: Bundle) -> SchemaDocument:
    return SchemaDocument(found.document, found.registered)
