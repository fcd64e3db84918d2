"""Data about people: where it stays, how long, and who has looked at it.

Which fields those are is told by their names alone: see `domain/personal_data.py`.
"""

from collections.abc import Iterator
from operator import attrgetter

from quaestor_shared.contracts.artifact import StorageKind
from quaestor_shared.contracts.findings import Severity
from quaestor_shared.pointers import Path
from quaestor_shared.service.schema_messages import cut
from quaestor_validator.domain.rules.base import Issue, NoOptions, Rule
from quaestor_validator.domain.rules.design import Design
from quaestor_validator.domain.words import Phrases, is_nothing, tokens

__all__ = ["RULES"]

_MOST_RELATED = 10
_RETENTION = Phrases(
    "retention*, retain*, delet*, erase*, erasure*, erasing, anonymis*, anonymiz*, pseudonymi*, "
    "purge*, purging, forgotten, gdpr, kept for, keep for, keeps for, archiv*, "
    "removed on, removed after"
)
_TTL = Phrases("ttl, ttls, expir*")
_CARD = (("card", "number"), ("credit", "card"), ("credit", "card", "number"), ("cvv",), ("cvc",))
_PCI = Phrases("pci*")
_PASSWORDS = frozenset(("password", "passwd", "passphrase"))
_HASHED = frozenset(("hash", "hashed", "digest", "bcrypt", "argon", "scrypt"))


def without_residency(design: Design, _: NoOptions) -> Iterator[Issue]:
    """Find that data about people may be anywhere."""
    residency = design.artifact.compliance.residency
    if design.fields.personal and is_nothing(residency):
        yield Issue(
            path=("compliance", "residency"),
            message=f"{_example(design)} is data about people, and nothing says where it stays",
            expected="the countries or regions that it may be in",
            actual=cut(residency),
            fix="say where personal data may be kept, and by which law",
            related=_places(design),
        )


def without_retention(design: Design, _: NoOptions) -> Iterator[Issue]:
    """Find that nothing says how long data about people is kept."""
    if design.fields.personal and not _is_deleted(design):
        yield Issue(
            path=("compliance",),
            message=f"{_example(design)} is data about people, and nothing says when it is deleted",
            expected="how long it is kept, or what deletes it",
            fix="note it in `compliance.notes`, such as `profiles are deleted 30 days after the "
            "account`",
            related=_places(design),
        )


def _is_deleted(design: Design) -> bool:
    """Say whether something deletes data: of a cache, what expires is only a copy."""
    if design.speaks_of(_RETENTION):
        return True
    if not design.speaks_of(_TTL):
        return False
    a = design.artifact
    copies = {store.notes for store in a.storage if store.kind is StorageKind.CACHE}
    return any(_TTL.stand_in(line) and line not in copies for line in design.said.split("\n"))


def without_audit(design: Design, _: NoOptions) -> Iterator[Issue]:
    """Find that no access to data about people can be traced."""
    audit = design.artifact.compliance.audit
    if design.fields.personal and is_nothing(audit):
        yield Issue(
            path=("compliance", "audit"),
            message=f"{_example(design)} is data about people, and there is no audit",
            expected="what is recorded of each access, or the standard that asks for it",
            actual=cut(audit),
            fix="say which accesses are recorded, and who looks at the record",
            related=_places(design),
        )


def _example(design: Design) -> str:
    field = design.fields.personal[0]
    return f"{cut(field.name)} of {cut(design.artifact.entities[field.entity].name)}"


def _places(design: Design) -> tuple[tuple[Path, str], ...]:
    return tuple(
        (("entities", field.entity, "fields", field.field), field.kind)
        for field in design.fields.personal[:_MOST_RELATED]
    )


def card_data(design: Design, _: NoOptions) -> Iterator[Issue]:
    """Find card numbers in a design that does not speak of PCI DSS, and card codes in any."""
    by_standard = design.speaks_of(_PCI)
    for i, j, name in design.fields.named("card", "cvv", "cvc"):
        words = tokens(name)
        code = words[-1:] in (("cvv",), ("cvc",))
        if not any(words[-len(end) :] == end for end in _CARD):
            continue
        if not code and by_standard:
            continue
        yield Issue(
            path=("entities", i, "fields", j),
            message=f"{cut(name)} may not be stored after the payment is authorised"
            if code
            else f"{cut(name)} is card data, and nothing speaks of PCI DSS",
            expected="a token of the payment provider",
            actual=cut(name),
            fix="keep the provider's token instead, which is of no use to a thief",
        )


def plain_password(design: Design, _: NoOptions) -> Iterator[Issue]:
    """Find fields for passwords that are not said to be hashed."""
    for i, j, name in design.fields.named("pass"):
        field = design.artifact.entities[i].fields[j]
        if tokens(name)[-1] in _PASSWORDS and _HASHED.isdisjoint(tokens(field)):
            yield Issue(
                path=("entities", i, "fields", j),
                message=f"{cut(name)} would hold the password itself",
                expected="a hash, such as argon2 or bcrypt make",
                actual=cut(field),
                fix="store a hash with its own salt, and name the field so",
                did_you_mean=f"{name}_hash",
            )


RULES = (
    Rule(
        code="compliance/personal-data-without-residency",
        severity=Severity.WARN,
        title="It is told where data about people stays",
        check=without_residency,
        needs=attrgetter("fields.personal"),
    ),
    Rule(
        code="compliance/personal-data-without-retention",
        severity=Severity.INFO,
        title="It is told how long data about people is kept",
        check=without_retention,
        needs=attrgetter("fields.personal"),
    ),
    Rule(
        code="compliance/personal-data-without-audit",
        severity=Severity.WARN,
        title="Access to data about people can be traced",
        check=without_audit,
        needs=attrgetter("fields.personal"),
    ),
    Rule(
        code="compliance/card-data",
        severity=Severity.WARN,
        title="Card data is not stored, or by PCI DSS",
        check=card_data,
    ),
    Rule(
        code="compliance/plain-password",
        severity=Severity.WARN,
        title="A password is stored as a hash",
        check=plain_password,
    ),
)
