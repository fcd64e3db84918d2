"""What design-api writes is what validator reads."""

import json

import msgspec
from hypothesis import given, settings
from tests.support.designs import artifacts, example_artifact

from quaestor_shared.contracts.artifact import Artifact
from quaestor_shared.narrative import render_section
from quaestor_validator.domain.narrative import narrative_findings
from quaestor_validator.schemas import built_in_schemas


def test_the_section_of_the_example_tells_everything() -> None:
    """The narrative that Finalize writes for the example mentions every decision of it."""
    artifact = example_artifact()
    assert narrative_findings(artifact, render_section(artifact)) == []


@settings(deadline=None)
@given(artifacts())
def test_every_section_tells_everything(artifact: Artifact) -> None:
    """Whatever an artifact says, its own narrative mentions all of it."""
    assert narrative_findings(artifact, render_section(artifact)) == []


@settings(deadline=None)
@given(artifacts())
def test_every_artifact_is_valid(artifact: Artifact) -> None:
    """Whatever the Struct holds, the schema takes: there is one definition of an artifact."""
    instance = json.loads(msgspec.json.encode(artifact))
    assert list(built_in_schemas().find("backend").faults(instance)) == []
