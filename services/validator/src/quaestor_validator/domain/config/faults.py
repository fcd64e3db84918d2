"""What makes a configuration unusable, each fault at its place in the body of the request."""

from collections.abc import Iterable, Iterator

from quaestor_shared.contracts.configuration import Preset, RuleSetting
from quaestor_shared.contracts.errors import ErrorDetail
from quaestor_shared.pointers import Path, pointer
from quaestor_shared.service.fault_search import faults_of
from quaestor_validator.domain.catalogue import CATALOGUE
from quaestor_validator.domain.config.layers import Layer, Suppressing
from quaestor_validator.domain.config.patterns import is_costly

__all__ = ["MOST_COSTLY", "configuration_faults"]

MOST_COSTLY = 50


def configuration_faults(
    layers: Iterable[Preset | Layer], suppressions: Iterable[Suppressing]
) -> Iterator[ErrorDetail]:
    """Give options that stand where they cannot hold, or are not what their rule takes, and
    pointers that are too many of their kind.
    """
    settings = [layer for layer in layers if isinstance(layer, Layer)]
    yield from _pattern_faults(settings, suppressions)
    for layer in settings:
        for name, setting in layer.rules.items():
            if isinstance(setting, RuleSetting) and setting.options:
                place = ("config", *layer.path, name, "options")
                yield from _option_faults(name, setting, place, layer.pointers)


def _pattern_faults(
    layers: Iterable[Layer], suppressions: Iterable[Suppressing]
) -> Iterator[ErrorDetail]:
    """Refuse pointers with a step such as `a*` that are too many: each is compared by itself."""
    pointers = [
        *(
            (("config", *layer.path[:-1], "pointers", index), pattern)
            for layer in layers
            for index, pattern in enumerate(layer.pointers)
        ),
        *(
            ((each.source.value, *each.path, "pointer"), each.suppression.pointer)
            for each in suppressions
        ),
    ]
    costly = [path for path, pattern in pointers if is_costly(pattern)]
    for path in costly[MOST_COSTLY : MOST_COSTLY + 100]:
        message = f"at most {MOST_COSTLY} pointers may have a part of a step before or after a `*`"
        yield ErrorDetail(field=pointer(path), message=message, code="too_many")


def _option_faults(
    name: str, setting: RuleSetting, place: Path, pointers: tuple[str, ...]
) -> Iterator[ErrorDetail]:
    where = pointer(place)
    if pointers:
        message = "options hold for a whole design; leave `pointers` out, or the options"
        yield ErrorDetail(field=where, message=message, code="misplaced_options")
    elif name.endswith("*"):
        message = "options belong to one rule; name it by its code"
        yield ErrorDetail(field=where, message=message, code="misplaced_options")
    elif name in CATALOGUE:
        for fault in faults_of(setting.options, type(CATALOGUE[name].options)):
            yield ErrorDetail(field=where + fault.field, message=fault.message, code=fault.code)
