"""Contracts: frozen and keyword-only, requests strict, replies tolerant."""

import importlib
import pkgutil
from collections.abc import Iterator

import msgspec
import pytest

import quaestor_shared.contracts
from quaestor_shared.contracts.base import Reply, Request


def structs() -> Iterator[type[msgspec.Struct]]:
    """Find every Struct that crosses HTTP."""
    for module in pkgutil.iter_modules(quaestor_shared.contracts.__path__):
        namespace = vars(importlib.import_module(f"quaestor_shared.contracts.{module.name}"))
        for thing in namespace.values():
            if (
                isinstance(thing, type)
                and issubclass(thing, msgspec.Struct)
                and thing.__module__.endswith(f".{module.name}")
            ):
                yield thing


ALL = sorted(set(structs()), key=lambda struct: (struct.__module__, struct.__name__))


@pytest.mark.parametrize("struct", ALL, ids=lambda struct: struct.__name__)
def test_a_contract_is_frozen_and_keyword_only(struct: type[msgspec.Struct]) -> None:
    """A Struct repeats both options, for msgspec does not inherit keyword-only."""
    assert struct.__struct_config__.frozen
    assert struct.__match_args__ == ()


@pytest.mark.parametrize(
    "struct", [each for each in ALL if issubclass(each, Request)], ids=lambda s: s.__name__
)
def test_a_request_refuses_unknown_fields(struct: type[msgspec.Struct]) -> None:
    """A request with a field that is not known is a mistake that is named."""
    assert struct.__struct_config__.forbid_unknown_fields


@pytest.mark.parametrize(
    "struct", [each for each in ALL if issubclass(each, Reply)], ids=lambda s: s.__name__
)
def test_a_reply_ignores_unknown_fields(struct: type[msgspec.Struct]) -> None:
    """A reply of a newer service can be read by an older client."""
    assert not struct.__struct_config__.forbid_unknown_fields


def test_no_two_contracts_share_a_name() -> None:
    """Names are unique, so that one OpenAPI document can hold them all."""
    names = [struct.__name__ for struct in ALL]
    assert sorted(names) == sorted(set(names))
