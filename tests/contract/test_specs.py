"""The checked-in specifications are what the code says."""

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.answers import ANSWERS
from tests.support.designs import ROOT, example

from quaestor_shared.contracts.artifact import SCHEMA_ID

SCHEMA: dict[str, Any] = json.loads((ROOT / "specs/backend.schema.json").read_text("utf-8"))
VALIDATOR = jsonschema_rs.validator_for(SCHEMA, validate_formats=True, offline=True)


@pytest.fixture(scope="module")
def generate() -> ModuleType:
    """Load `specs/generate.py`, which is a script and no part of a package."""
    spec = importlib.util.spec_from_file_location("specs_generate", ROOT / "specs/generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_the_checked_in_files_are_generated() -> None:
    """`python specs/generate.py --check` finds nothing to change."""
    command = [sys.executable, str(ROOT / "specs/generate.py"), "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"run python specs/generate.py\n{done.stdout}{done.stderr}"


def test_a_stale_file_is_shown_as_a_diff(
    generate: ModuleType,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The check names what differs and writes nothing; without it the file is written."""
    monkeypatch.setattr(generate, "FOLDER", tmp_path)
    monkeypatch.setattr(generate, "SERVICES", {})
    assert generate.main(["--check"]) == 1
    assert "+++ specs/backend.schema.json (from the code)" in capsys.readouterr().out
    assert list(tmp_path.iterdir()) == []
    assert generate.main([]) == 0
    assert generate.main(["--check"]) == 0


def test_the_schema_declares_dialect_and_identity() -> None:
    """It is a 2020-12 schema with an `$id`, and right by its own meta-schema."""
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert SCHEMA["$id"] == SCHEMA_ID
    jsonschema_rs.meta.validate(SCHEMA)


def test_the_example_of_the_source_is_valid() -> None:
    """The artifact that the Backend Designer document shows validates."""
    VALIDATOR.validate(example())


SHAPE = {
    "Artifact": (
        """feature_id version created_at entities apis processes storage scaling compliance
        observability dependencies assumptions open_questions""",
        "",
    ),
    "Entity": ("name fields relationships expected_growth", ""),
    "Apis": ("internal external", ""),
    "InternalApi": ("name methods payload_examples sla", ""),
    "ExternalApi": ("provider endpoint auth_method", "rate_limits sla"),
    "Process": ("name type description sla", ""),
    "Store": ("kind technology", "notes"),
    "Scaling": ("strategy", "notes"),
    "Compliance": ("logging audit residency", "notes"),
    "Observability": ("metrics health_checks", "traces"),
}
ENUMS = {
    "Method": "DELETE GET HEAD OPTIONS PATCH POST PUT",
    "AuthMethod": "api_key none oauth2 oidc other sigv4",
    "ProcessType": "async batch sync",
    "StorageKind": "blob cache nosql queue search sql",
}


def test_there_are_no_other_definitions() -> None:
    """Every definition of the schema is one that these tests look at."""
    assert set(SCHEMA["$defs"]) == {*SHAPE, *ENUMS}


@pytest.mark.parametrize("name", SHAPE)
def test_an_object_has_its_properties_and_no_other(name: str) -> None:
    """Required and optional properties are those of the source document; others are refused."""
    required, optional = (words.split() for words in SHAPE[name])
    definition = SCHEMA["$defs"][name]
    assert set(definition["properties"]) == {*required, *optional}
    assert sorted(definition["required"]) == sorted(required)
    assert definition["additionalProperties"] is False
    assert definition["description"].endswith(".")
    assert "\n " not in definition["description"]


@pytest.mark.parametrize("name", ENUMS)
def test_a_choice_has_its_values_and_no_other(name: str) -> None:
    """Enums are those that consumers of artifacts rely on."""
    assert sorted(SCHEMA["$defs"][name]["enum"]) == ENUMS[name].split()


@pytest.mark.parametrize("slug", ["ab", "meal-planner-v1", "0-", "a" * 64])
def test_a_feature_id_is_a_slug(slug: str) -> None:
    """Two to 64 lower-case letters, digits and hyphens."""
    assert VALIDATOR.is_valid({**example(), "feature_id": slug})


@pytest.mark.parametrize("text", ["a", "-a", "A1", "a" * 65, "a_b", "ab\n", "", "a/b", "\u00e4b"])
def test_what_is_no_slug_is_no_feature_id(text: str) -> None:
    """The pattern holds from the first to the last character."""
    assert not VALIDATOR.is_valid({**example(), "feature_id": text})


@pytest.mark.parametrize(
    "text", ["2025-08-31", "2025-08-31 16:00", "2025-13-01T00:00:00Z", "2025-08-31T16:00:00", "now"]
)
def test_created_at_is_a_date_and_time(text: str) -> None:
    """Anything else than RFC 3339 is refused: the format is asserted."""
    assert not VALIDATOR.is_valid({**example(), "created_at": text})


@settings(max_examples=200)
@given(data=st.data())
def test_answers_are_valid_by_their_schema(data: st.DataObject) -> None:
    """Every answer that the engine takes is valid by `answers.schema.json`, and nothing more."""
    schema = json.loads((ROOT / "specs/answers.schema.json").read_text("utf-8"))
    tag = data.draw(st.sampled_from(sorted(ANSWERS)))
    answer = {"type": tag, **data.draw(ANSWERS[tag])}
    validator = jsonschema_rs.validator_for(schema)
    assert validator.is_valid(answer)
    assert not validator.is_valid({**answer, "type": "no-such-type"})
    assert not validator.is_valid({**answer, "colour": "blue"})
