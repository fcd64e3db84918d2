"""What an internal API shows must fit what it offers, and give nothing away."""

from collections.abc import Iterator

from quaestor_shared.contracts.findings import Severity
from quaestor_shared.service.schema_messages import cut
from quaestor_validator.domain.rules.base import Issue, NoOptions, Rule
from quaestor_validator.domain.rules.design import Design
from quaestor_validator.domain.secrets import secrets_in

__all__ = ["RULES"]


def payloads_without_method(design: Design, _: NoOptions) -> Iterator[Issue]:
    """Find example payloads for methods that the API does not have."""
    for i, api in enumerate(design.artifact.apis.internal):
        methods = [method.value for method in api.methods]
        for name in api.payload_examples:
            if name in methods:
                continue
            meant = name.upper() if name.upper() in methods else None
            yield Issue(
                path=("apis", "internal", i, "payload_examples", name),
                message=f"{cut(api.name)} has an example for {cut(name)}, and no such method",
                expected=f"one of {', '.join(methods)}" if methods else "no example",
                actual=cut(name),
                fix=f'did you mean "{meant}"?'
                if meant
                else "add the method to `methods`, or remove the example",
            )


def credentials_in_examples(design: Design, _: NoOptions) -> Iterator[Issue]:
    """Find values in example payloads that look like secrets. They are never shown."""
    for i, api in enumerate(design.artifact.apis.internal):
        root = ("apis", "internal", i, "payload_examples")
        for path, what in secrets_in(api.payload_examples):
            yield Issue(
                path=(*root, *path),
                message=f"an example payload of {cut(api.name)} has what looks like {what}",
                expected="a placeholder, such as `<token>`",
                fix="put a placeholder there; if the secret was ever real, revoke it",
            )


RULES = (
    Rule(
        code="apis/payload-method",
        severity=Severity.ERROR,
        title="An example payload belongs to a method of its API",
        check=payloads_without_method,
    ),
    Rule(
        code="apis/credentials-in-example",
        severity=Severity.ERROR,
        title="An example payload has no credentials in it",
        check=credentials_in_examples,
    ),
)
