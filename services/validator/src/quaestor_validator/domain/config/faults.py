"""What makes a configuration unusable, each fault at its place in the body of the request."""

from collections.abc import Iterable, Iterator

from quaestor_shared.contracts.configuration import Preset, RuleSetting
from quaestor_shared.contracts.errors import ErrorDetail
from quaestor_shared.pointers import Path, pointer
from quaestor_shared.service.fault_search import faults_of
from quaestor_validator.domain.catalogue import CATALOGUE
from quaestor_validator.domain.config.layers import Layer

__all__ = ["configuration_faults"]


def configuration_faults(layers: Iterable[Preset | Layer]) -> Iterator[ErrorDetail]:
    """Give the options that stand where they cannot hold, or are not what their rule takes."""
    for layer in layers:
        if isinstance(layer, Layer):
            for name, setting in layer.rules.items():
                if isinstance(setting, RuleSetting) and setting.options:
                    place = ("config", *layer.path, name, "options")
                    yield from _option_faults(name, setting, place, layer.pointers)


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
