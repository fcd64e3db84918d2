"""What docs/how-to/validation.md shows is true."""

import json
import re
from typing import Any

import msgspec
import pytest
import yaml
from tests.support.designs import ROOT, example
from tests.support.validator import ask, verdict

from quaestor_shared.contracts.configuration import Configuration, Preset
from quaestor_validator.domain.config.presets import PRESETS

PAGE = (ROOT / "docs/how-to/validation.md").read_text("utf-8")
_BLOCKS = dict(re.findall(r"^```(?:json|yaml) (\w+)\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL))
_SOURCE = (ROOT / "examples/meal-planner/source-example.json").read_text("utf-8")
BROKEN = _SOURCE.replace('"type": "async"', '"type": "Async"', 1).encode()


def config() -> Any:
    """Give the configuration of the page as JSON has it."""
    loaded = yaml.load(_BLOCKS["config"], yaml.BaseLoader)  # noqa: S506 - it makes only texts
    loaded["rules"]["service-levels/slow-api"]["options"]["most_ms"] = 500
    return loaded


def test_the_answer_is_the_one_that_the_document_gets() -> None:
    """To the last column and fingerprint."""
    answer = ask("POST", "/v1/validate?schema=backend", BROKEN)
    assert answer.body["data"] == json.loads(_BLOCKS["answer"])


def test_the_fixes_are_those_that_are_applied() -> None:
    """And the text differs in them alone."""
    fixed = ask("POST", "/v1/fix?schema=backend", BROKEN).body["data"]
    assert {key: fixed[key] for key in ("applied", "complete")} == json.loads(_BLOCKS["fixed"])
    alone = ask("POST", "/v1/fix?schema=backend&reply=document", BROKEN)
    assert alone.body == example()


def test_the_configuration_does_what_the_page_says() -> None:
    """Every part of it has its effect, and nothing in it is in vain."""
    msgspec.convert(config(), Configuration)
    report = verdict(example(), config=config())
    levels = {finding["code"]: finding["severity"] for finding in report["findings"]}
    assert levels["storage/cache-without-expiry"] == "info"
    assert levels["references/unknown-entity"] == "info"
    assert "processes/async-without-queue" not in levels
    assert report["counts"]["suppressed"] == 1
    assert not [code for code in levels if code.startswith(("config/", "completeness/"))]


def test_the_sidecar_suppresses() -> None:
    """What it names, and it is counted."""
    report = verdict(example(), sidecar=json.loads(_BLOCKS["sidecar"]))
    assert report["counts"]["suppressed"] == 1
    assert "references/unknown-entity" not in [f["code"] for f in report["findings"]]


@pytest.mark.parametrize("preset", Preset)
def test_every_preset_has_its_row(preset: Preset) -> None:
    """In the order in which they are listed."""
    assert f"| `{preset}` |" in PAGE
    assert [each.name for each in PRESETS] == list(Preset)
