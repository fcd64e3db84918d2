"""YAML is read as version 1.2 has it, and places in it are found."""

import pytest
import yaml

from quaestor_cli import yaml_text


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("off", "off"),
        ("yes", "yes"),
        ("On", "On"),
        ("true", True),
        ("FALSE", False),
        ("2026-01-31", "2026-01-31"),
        ("1:30", "1:30"),
        ("010", 10),
        ("0o10", 8),
        ("0x1F", 31),
        ("-1.5e3", -1500.0),
        ("~", None),
        ("'1'", "1"),
        ("1_000", "1_000"),
    ],
)
def test_scalars(text: str, value: object) -> None:
    """Each is what the core schema of YAML 1.2 says."""
    assert yaml_text.load(text) == value
    assert type(yaml_text.load(text)) is type(value)


def test_a_name_twice() -> None:
    """It is refused at the second one."""
    with pytest.raises(yaml.MarkedYAMLError, match="stands twice") as refused:
        yaml_text.load("a: 1\nb: 2\na: 3\n")
    assert refused.value.problem_mark is not None
    assert refused.value.problem_mark.line == 2


def test_places() -> None:
    """A value, a key, a whole block, and what is not there."""
    text = "a:\n  - x: 1\n    y: [2,\n      3]\n\nb: 4\n"
    assert yaml_text.find(text, ("a", "0", "x")) == (2, 8, 2, 9)
    assert yaml_text.find(text, ("a", "0", "y"), key=True) == (3, 5, 3, 6)
    assert yaml_text.find(text, ("a", "0")) == (2, 5, 4, 9)
    assert yaml_text.find(text, ("b", "c")) == (6, 4, 6, 5)
    assert yaml_text.find("", ("b",)) == (1, 1, 1, 1)
