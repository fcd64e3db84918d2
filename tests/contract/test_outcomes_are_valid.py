"""What design-api makes, validator accepts."""

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.interviews import complete_state, complete_with, script
from tests.support.validator import validation

from quaestor_design_api.domain.outcome import missing, render, section_of
from quaestor_design_api.domain.places import question_for
from quaestor_shared.contracts.findings import Severity
from quaestor_shared.contracts.validation import ValidateRequest, ValidationReport

# Rules about the content of an answer, which a person is to mend: not about what design-api made.
CONTENT = {"apis/payload-method", "apis/credentials-in-example"}


def audit(instance: object, narrative: str) -> ValidationReport:
    """Have validator check an artifact and its narrative."""
    import asyncio

    request = ValidateRequest(instance=instance, narrative=narrative)
    return asyncio.run(validation().validate(msgspec.json.encode(request), None))


def test_the_usual_interview() -> None:
    """The artifact and the section of an ordinary interview have no finding but advice."""
    outcome = render(script(), complete_state(), label="1.0.0", document=b"")
    report = audit(msgspec.json.decode(outcome.json), section_of(outcome.document))
    assert {f.severity for f in report.findings} == {Severity.INFO}


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_any_interview(data: st.DataObject) -> None:
    """Finalize gives no error, and no warning but about something that a question asks for."""
    state = complete_with(data)
    if missing(script(), state) is not None:
        return
    outcome = render(script(), state, label="1.0.0", document=b"# Theirs\n")
    report = audit(msgspec.json.decode(outcome.json), section_of(outcome.document))
    errors = [f for f in report.findings if f.severity is Severity.ERROR and f.code not in CONTENT]
    assert errors == []
    warnings = [f for f in report.findings if f.severity is Severity.WARN]
    assert [f for f in warnings if question_for(script(), state, f.pointer) is None] == []
