"""Scripts are data, checked when loaded."""

import tomllib
from importlib import resources
from typing import Any

import pytest

from quaestor_design_api.domain.script import ScriptError, load
from quaestor_design_api.scripts import load_scripts


def data() -> dict[str, Any]:
    """Give the data of the first script, to break."""
    folder = resources.files("quaestor_design_api.scripts")
    return tomllib.loads((folder / "backend-designer" / "1.toml").read_text())


def test_the_first_profile() -> None:
    """The profile backend-designer has six sections, and questions 1.1 to 6.2."""
    script = load_scripts().newest("backend-designer")
    assert script is not None
    assert [section.number for section in script.sections] == list("123456")
    assert list(dict.fromkeys(q.number for q in script.questions)) == [
        "1.1", "1.2", "1.3", "2.1", "2.2", "2.3", "3.1", "3.2", "3.3",
        "4.1", "4.2", "4.3", "5.1", "5.2", "5.3", "6.1", "6.2",
    ]  # fmt: skip


def test_unknown_profile() -> None:
    """A profile that does not exist has no script."""
    assert load_scripts().newest("frontend") is None


def _swap(script: dict[str, Any]) -> None:
    questions = script["questions"]
    questions[0], questions[1] = questions[1], questions[0]


@pytest.mark.parametrize(
    ("break_it", "message"),
    [
        (lambda s: s["questions"][0].update(exampel="x"), "exampel"),
        (lambda s: s.pop("sections"), "sections"),
        (_swap, "ascending order"),
        (lambda s: s["questions"][0].update(number="7.1"), "belongs to no section"),
        (lambda s: s["questions"][1].update(each="things"), "unknown collection 'things'"),
        (lambda s: s["questions"][1].update(text="Which fields?"), "exactly when it repeats"),
        (lambda s: s["questions"][1].update(example="-> x"), "is refused"),
        (lambda s: s["questions"][1].update(fills=["fields", "colour"]), "leaves 'colour' open"),
        (lambda s: s["questions"][2].update(answer="novel"), "unknown answer type 'novel'"),
        (lambda s: s["questions"][2].update(fills=[]), "fills nothing"),
        (lambda s: s["questions"][2].update(unknown={}), "lacks an unknown value"),
        (lambda s: s["questions"][2].update(unknown={"x": 1}), "does not fill"),
        (
            lambda s: s["collections"].update(ghosts={"pointer": "/ghosts", "noun": "ghost"}),
            "no question names the collection 'ghosts'",
        ),
    ],
)
def test_faults(break_it: Any, message: str) -> None:
    """A script that contradicts itself is refused with the fault."""
    broken = data()
    break_it(broken)
    with pytest.raises(ScriptError) as caught:
        load(broken)
    assert message in str(caught.value)
