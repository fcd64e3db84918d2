"""Every code that a change of an artifact can have, and what kind of change it is."""

from quaestor_shared.contracts.diffs import ChangeKind, ChangeRuleView
from quaestor_validator.domain.pages import page_of

__all__ = ["DIFF_RULES", "KINDS"]

_BREAKING = {
    "diff/api-removed": "An internal API is gone",
    "diff/api-renamed": "An internal API has another name",
    "diff/auth-changed": "An external API is called with another kind of proof",
    "diff/compliance-changed": "What is logged or audited is no longer what it was",
    "diff/endpoint-changed": "An external API is called at another address",
    "diff/entity-removed": "An entity is gone",
    "diff/entity-renamed": "An entity has another name",
    "diff/example-narrowed": "An example payload has lost members, or has them of another type",
    "diff/feature-changed": "The artifact is that of another feature",
    "diff/field-constrained": "A field has a constraint that it did not have",
    "diff/field-narrowed": "A field's type takes less than it did, or something else",
    "diff/field-removed": "A field is gone",
    "diff/field-renamed": "A field has another name",
    "diff/field-required": "A row has to have a field that it could do without",
    "diff/level-changed": "A service level says something else, and no figure tells how",
    "diff/level-loosened": "A service level promises less than it did",
    "diff/limit-changed": "A rate limit says something else, and no figure tells how",
    "diff/limit-lowered": "An external API may be called less often",
    "diff/method-removed": "An internal API no longer answers a method",
    "diff/process-removed": "A process is gone",
    "diff/process-renamed": "A process has another name",
    "diff/process-type-changed": "A process runs in another way",
    "diff/provider-removed": "An external API is no longer used",
    "diff/provider-renamed": "An external API has another provider's name",
    "diff/relationship-removed": "An entity no longer refers to another",
    "diff/relationship-renamed": "An entity refers to another by its new name",
    "diff/residency-changed": "Data is kept elsewhere",
    "diff/signal-removed": "A metric, health check or trace is gone",
    "diff/store-changed": "A store is made with another technology",
    "diff/store-kind-changed": "A technology is used as another kind of store",
    "diff/store-removed": "A store is gone",
}
_ADDITIVE = {
    "diff/api-added": "There is another internal API",
    "diff/compliance-extended": "More is logged or audited",
    "diff/dependency-added": "The design depends on more",
    "diff/entity-added": "There is another entity",
    "diff/example-extended": "An example payload has more members",
    "diff/field-added": "There is another field",
    "diff/field-relaxed": "A field has a constraint less",
    "diff/field-widened": "A field's type takes more than it did",
    "diff/growth-raised": "An entity is expected to grow further",
    "diff/level-tightened": "A service level promises more than it did",
    "diff/limit-raised": "An external API may be called more often",
    "diff/method-added": "An internal API answers another method",
    "diff/process-added": "There is another process",
    "diff/provider-added": "Another external API is used",
    "diff/relationship-added": "An entity refers to another one more",
    "diff/residency-narrowed": "Data is kept in a part of where it was",
    "diff/signal-added": "There is another metric, health check or trace",
    "diff/store-added": "There is another store",
}
_DOCUMENTATION = {
    "diff/assumption-changed": "Something is assumed that was not, or no longer",
    "diff/dependency-removed": "The design depends on less",
    "diff/description-changed": "What people read says something else",
    "diff/example-changed": "An example payload shows other values",
    "diff/growth-changed": "An entity is expected to grow less, or in a way that has no figure",
    "diff/question-changed": "A question is open that was not, or no longer",
    "diff/scaling-changed": "The backend grows in another way",
    "diff/store-upgraded": "A store is of another version of the same product, not an earlier one",
    "diff/version-changed": "The artifact has another version or another time",
    "diff/wording-changed": "The same is written in another way",
}
KINDS: dict[str, ChangeKind] = {
    **dict.fromkeys(_BREAKING, ChangeKind.BREAKING),
    **dict.fromkeys(_ADDITIVE, ChangeKind.ADDITIVE),
    **dict.fromkeys(_DOCUMENTATION, ChangeKind.DOCUMENTATION),
}
DIFF_RULES = tuple(
    ChangeRuleView(code=code, kind=KINDS[code], title=title, url=page_of(code))
    for code, title in sorted({**_BREAKING, **_ADDITIVE, **_DOCUMENTATION}.items())
)
