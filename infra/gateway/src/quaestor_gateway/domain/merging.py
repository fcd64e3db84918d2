"""Several OpenAPI documents as one."""

from collections.abc import Mapping
from typing import Any

from quaestor_gateway.domain.routing import upstream_of
from quaestor_shared.version import VERSION

__all__ = ["merge"]

# In the order of the main job, which is the order of the page.
_TAGS = {
    "sessions": "Interviews: start one, see where it stands.",
    "turns": "Answer questions, and finalize.",
    "validation": "Audit an artifact and its document.",
    "artifacts": "What is stored, by feature and path.",
    "versions": "The immutable versions of an artifact.",
    "contents": "The bytes of a version.",
    "audit": "Who changed what and when, and whether that is still what was written.",
    "events": "What happens in the store, as it happens.",
    "webhooks": "Have events sent to you.",
    "schemas": "What artifacts are valid by.",
    "rules": "What the audit looks for.",
}
_SECURITY = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "An API key: `qst_...`."},
    "header": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
}


def merge(documents: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    """Give one OpenAPI 3.1 document of the public paths of all services.

    Raises ValueError where two services call different things by one name.
    """
    paths: dict[str, Any] = {}
    schemas: dict[str, Any] = {}
    for service, document in documents.items():
        paths |= {
            path: operations
            for path, operations in document["paths"].items()
            if upstream_of(path) == service
        }
        for name, schema in document.get("components", {}).get("schemas", {}).items():
            if schemas.setdefault(name, schema) != schema:
                raise ValueError(f"{service} has another {name} than the others")
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Quaestor",
            "version": VERSION,
            "description": "Interviews about a feature's backend, audits of the answers, "
            "and the versions of what comes out.",
        },
        "servers": [{"url": "/"}],
        "tags": [{"name": name, "description": text} for name, text in _TAGS.items()],
        "security": [{"bearer": []}, {"header": []}],
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": dict(sorted(schemas.items())),
            "securitySchemes": _SECURITY,
        },
    }
