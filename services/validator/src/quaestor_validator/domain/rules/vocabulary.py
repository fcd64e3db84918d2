"""The words by which several rules know that a design speaks of something.

`OWNED` are those by which a dependency shows that somebody else decides something.
"""

from quaestor_validator.domain.words import Phrases

__all__ = ["HARMLESS_TWICE", "OWNED"]

OWNED = {
    "identity": Phrases(
        "identity, identities, auth, auth0, authn, authz, authentic*, authoris*, authoriz*, oauth, "
        "oauth2, oidc, iam, sso, saml, keycloak, okta, cognito, login"
    ),
    "frontend": Phrases(
        "frontend*, front-end*, front end, ui, uis, ux, web, webapp, website, mobile, app, apps"
    ),
    "infrastructure": Phrases(
        "infra, infrastructure*, platform*, ops, devops, gitops, kubernetes, k8s, cloud, "
        "network*, deploy*, terraform"
    ),
    "research": Phrases("research*"),
}
# What is done twice without harm.
HARMLESS_TWICE = Phrases(
    "idempot*, exactly once, exactly-once, at most once, at-most-once, dedup*, de-dup*, upsert*, "
    "harmless*, no harm, does not harm, safe to repeat, safe to retry, safe to rerun, "
    "safely repeat*, safely retr*"
)
