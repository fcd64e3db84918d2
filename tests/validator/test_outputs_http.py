"""The forms of a report over HTTP: their types, the verdict beside them, and unknown ones."""

import pytest
from tests.support.validator import ask

from quaestor_validator.domain.outputs import OUTPUTS

BAD = b'{\n  "feature_id": 4\n}'


@pytest.mark.parametrize("form", OUTPUTS)
def test_a_form_is_chosen(form: str) -> None:
    """A form comes with its media type, the verdict in a header, and the document's name."""
    answer = ask("POST", f"/v1/validate?schema=backend&output={form}&path=d/my.json", BAD)
    assert answer.status == 200
    media_type, _, charset = answer.headers["content-type"].partition(";")
    assert media_type == next(out.media_type for key, out in OUTPUTS.items() if key == form)
    assert charset.strip() == "charset=utf-8"
    assert answer.headers["x-quaestor-valid"] == "false"
    assert "d/my.json" in answer.text


def test_places_are_those_of_the_body() -> None:
    """An annotation names the line that was sent."""
    answer = ask("POST", "/v1/validate?schema=backend&output=github", BAD)
    assert "::error file=document.json,line=2,endLine=2,col=17," in answer.text


def test_an_unknown_form() -> None:
    """A form that is none is 400 with the parameter's name."""
    answer = ask("POST", "/v1/validate?schema=backend&output=pdf", BAD)
    assert (answer.status, answer.body["error"]["details"][0]["field"]) == (400, "output")
