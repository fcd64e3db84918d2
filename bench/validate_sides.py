"""One side of `bench.validate`, in a process of its own: `python -m bench.validate_sides
<side> <entities> <calls>` prints the median of so many checks from raw bytes, in microseconds of
processor time.
"""

import json
import statistics
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from bench.designs import encoded
from quaestor_shared.contracts.artifact import SCHEMA_ID, Artifact
from quaestor_shared.schema import json_schema

if TYPE_CHECKING:
    from quaestor_validator.domain.audit import Subject
    from quaestor_validator.service.submissions import Submission

__all__ = ["SIDES"]

Check = Callable[[bytes], bool]


def schema() -> dict[str, Any]:
    """Give the schema that all sides check against."""
    return json_schema(Artifact, schema_id=SCHEMA_ID)


def bare() -> Check:
    """Read with orjson, check with jsonschema-rs, settings as ours; say yes or no."""
    import orjson

    from quaestor_shared.service.faults import compiled

    validator = compiled(schema())
    return lambda body: validator.is_valid(orjson.loads(body))


def ours_schema() -> Check:
    """Read strictly, and list every fault by the schema where there may be one."""
    from quaestor_shared.service import strict_json
    from quaestor_validator.schemas import built_in_schemas

    backend = built_in_schemas().find("backend", 1)

    def check(body: bytes) -> bool:
        return backend.read(body) is not None or not list(backend.faults(strict_json.parse(body)))

    return check


def ours_rules() -> Check:
    """Read strictly, list every fault, and apply every rule."""
    from quaestor_validator.domain.audit import breaches
    from quaestor_validator.domain.config import plan_of

    subject_of = _subjects()
    plan = plan_of(None, None, "")

    def check(body: bytes) -> bool:
        _, subject = subject_of(body)
        return not list(subject.faults) and not list(breaches(subject.artifact, plan))

    return check


def ours_report() -> Check:
    """Everything that a request of validation is answered by, but HTTP."""
    from datetime import date

    from quaestor_shared.clock import utc_now
    from quaestor_validator.domain.audit import audit
    from quaestor_validator.domain.config import plan_of
    from quaestor_validator.domain.report import report

    subject_of = _subjects()

    def check(body: bytes) -> bool:
        submitted, subject = subject_of(body)
        plan = plan_of(None, None, subject.feature)
        settled = audit(subject, plan, date.fromisoformat(utc_now()[:10]))
        return report(settled, submitted.sent, schema="backend@1", most=100).valid

    return check


def _subjects() -> "Callable[[bytes], tuple[Submission, Subject]]":
    from quaestor_shared.contracts.validation import ValidateRequest
    from quaestor_validator.schemas import built_in_schemas
    from quaestor_validator.service.submissions import read_document
    from quaestor_validator.service.validation import subject_of

    backend = built_in_schemas().find("backend", 1)
    options = ValidateRequest(instance=None, schema="backend")

    def read(body: bytes) -> "tuple[Submission, Subject]":
        submitted = read_document(body, options)
        return submitted, subject_of(submitted, backend)

    return read


def reference() -> Check:
    """Read with json, check with jsonschema."""
    import jsonschema  # type: ignore[import-untyped]  # it comes without types

    kind = jsonschema.Draft202012Validator
    validator = kind(schema(), format_checker=kind.FORMAT_CHECKER)
    return lambda body: validator.is_valid(json.loads(body))


def generated() -> Check:
    """Read with json, check with the Python that fastjsonschema writes; it raises for a fault."""
    import fastjsonschema

    validate = fastjsonschema.compile(schema())
    return lambda body: bool(validate(json.loads(body)))


SIDES: dict[str, Callable[[], Check]] = {
    "orjson + jsonschema-rs": bare,
    "ours, schema": ours_schema,
    "ours, schema + rules": ours_rules,
    "ours, whole report": ours_report,
    "jsonschema": reference,
    "fastjsonschema": generated,
}


def main() -> None:
    """Measure one side."""
    side, entities, calls = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    body, check = encoded(entities), SIDES[side]()
    times = []
    for _ in range(2 * calls):  # the first half warms up
        before = time.process_time()
        assert check(body)
        times.append((time.process_time() - before) * 1e6)
    print(statistics.median(times[calls:]))


if __name__ == "__main__":
    main()
