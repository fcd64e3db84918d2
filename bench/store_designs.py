"""Contents to store: a design of 2.5 KB, the same but for one value, which no two of them share."""

import json
import secrets

from bench.harness import ROOT

__all__ = ["design", "event"]

_EXAMPLES = ROOT / "examples/meal-planner"
_DESIGN = json.loads((_EXAMPLES / "source-example.json").read_text("utf-8"))
_NOTES = (_EXAMPLES / "answers.yaml").read_text("utf-8")[:1100]


def design() -> str:
    """Give a design that nobody has stored before, as JSON."""
    return json.dumps({**_DESIGN, "notes": _NOTES, "run": secrets.token_hex(8)})


def event() -> dict[str, str]:
    """Give what one answer of an interview says."""
    return {"question": "4.3", "text": f"horizontal pods {secrets.token_hex(4)}", "by": "bench"}
