"""Two users' schemas compared: a proof that one takes all of the other, or instances it loses."""

from quaestor_shared.json_patch import encoded
from quaestor_shared.service import strict_json
from quaestor_shared.service.schema_messages import describe
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
    found = lost_instances(_document(old), _document(new), takes, refuses)
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
    documents = _document(old), _document(new)
    if any(document.has_endless_loop() for document in documents):
        return Compared(unproved=((),))
    places = unproved_places(*documents)
    return Compared(unproved=tuple(dict.fromkeys(place.new or () for place in places)))


def _document(schema: Schema) -> SchemaDocument:
    return SchemaDocument(strict_json.parse(schema.text, nul=True))
