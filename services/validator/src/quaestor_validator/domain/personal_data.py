"""Data about people, as far as the name of a field tells.

The list is short on purpose: each phrase means a person wherever it stands. It ends the field's
name, so that `contact_email` and `email_address` count, `email_template` and `email_sent_at` not.
`docs/rules/compliance-personal-data-without-residency.md` shows it to people.
"""

from quaestor_validator.domain.words import listed, tokens

__all__ = ["PERSONAL_DATA", "may_be_personal", "may_have_personal", "personal_kind"]

PERSONAL_DATA: dict[str, tuple[str, ...]] = {
    "contact": ("email", "email address", "e mail", "phone", "phone number", "mobile number"),
    "name": (
        *("first name", "last name", "full name", "given name", "family name", "surname"),
        *("middle name", "maiden name"),
    ),
    "birth": ("birthday", "birthdate", "birth date", "date of birth", "dob", "place of birth"),
    "address": listed(
        "home address, street address, postal address, street, address line, address line 1, "
        "address line 2, postcode, postal code"
    ),
    "identity": listed(
        "ssn, social security number, national id, passport number, passport no, passport, "
        "tax id, driver license, driving licence, drivers license, license plate, licence plate, "
        "number plate"
    ),
    "payment": listed("iban, bank account, card number, credit card, credit card number, salary"),
    "online": ("ip address", "device fingerprint", "geolocation"),
    "special category": listed(
        "gender, ethnicity, religion, nationality, sexual orientation, political party, "
        "diagnosis, blood type, medication, medical history, disability"
    ),
}
_KINDS = {tuple(phrase.split()): kind for kind, all_ in PERSONAL_DATA.items() for phrase in all_}
_LONGEST = max(map(len, _KINDS))
_ENDS = frozenset(words[-1] for words in _KINDS)
_BY_END = {end: [words for words in _KINDS if words[-1] == end] for end in _ENDS}
_END = tuple(_ENDS)


def may_be_personal(name: str) -> bool:
    """Say, quickly, whether a closer look at a name is worth while."""
    last = name.rpartition("_")[2].rpartition("-")[2]
    lower = last.lower()
    return lower in _ENDS or (lower != last and lower.endswith(_END))


def may_have_personal(names: str, ends: set[str]) -> bool:
    """Say, quickly, the same of many names at once: snake case in ASCII, with these last words."""
    return any(
        all(map(names.__contains__, words)) for end in _ENDS & ends for words in _BY_END[end]
    )


def personal_kind(name: str) -> str | None:
    """Give the kind of data about a person that a field with this name holds, or None."""
    words = tokens(name)
    for length in range(1, min(_LONGEST, len(words)) + 1):
        if kind := _KINDS.get(words[-length:]):
            return kind
    return None
