"""Designs to measure with: real in form, of any size, with nothing for a rule to find."""

import json
import random
from typing import Any

from quaestor_validator.domain.words import listed

__all__ = ["design", "encoded"]

_WORDS = listed(
    "order, item, price, stock, plan, recipe, note, line, owner, team, region, batch, event, "
    "invoice, payment, label, menu, basket, voucher, review, offer, branch, shift, route, parcel"
)
_TYPES = listed(
    "text, text unique, integer, numeric(12.2), timestamptz, json, boolean, date, uuid, "
    "text not null"
)


def encoded(entities: int) -> bytes:
    """Give a design with so many entities as the bytes of its JSON; three make 2.5 KB."""
    return json.dumps(design(entities), ensure_ascii=False).encode()


def design(entities: int) -> dict[str, Any]:
    """Give a design with so many entities, and APIs and processes as many as go with them."""
    choose = random.Random(7)  # noqa: S311 - the same design each time
    things = [_entity(choose, number) for number in range(entities)]
    for number, thing in enumerate(things):
        thing["relationships"] = [things[(number + 1) % entities]["name"]]
    return {
        "feature_id": f"bench-{entities}",
        "version": "1.0.0",
        "created_at": "2026-01-31T16:00:00Z",
        "entities": things,
        "apis": {
            "internal": [_api(thing) for thing in things[::3]],
            "external": [
                {
                    "provider": "Spoonacular",
                    "endpoint": "https://api.spoonacular.com/mealplanner",
                    "auth_method": "api_key",
                    "rate_limits": "50 requests/min",
                    "sla": "99.5% uptime",
                }
            ],
        },
        "processes": [_process(number) for number in range(max(1, entities // 4))],
        "storage": [
            {"kind": "sql", "technology": "PostgreSQL", "notes": "primary datastore"},
            {"kind": "cache", "technology": "Redis", "notes": "TTL 5 min"},
            {"kind": "queue", "technology": "RabbitMQ"},
        ],
        "scaling": {"strategy": "horizontal pods", "notes": "partitioned by customer"},
        "compliance": {
            "logging": "every access",
            "audit": "ISO27001",
            "residency": "EU",
            "notes": "deleted 30 days after the account",
        },
        "observability": {
            "metrics": ["req/sec", "latency", "job duration", "dead letters"],
            "health_checks": ["liveness", "readiness"],
            "traces": ["OpenTelemetry"],
        },
        "dependencies": ["identity.json", "research.json"],
        "assumptions": [
            "POST takes an Idempotency-Key",
            "rate limit of 100 requests/min for each user",
            "calls of others time out after 2 s",
        ],
        "open_questions": ["Do we need HIPAA-compliant storage?"],
    }


def _entity(choose: random.Random, number: int) -> dict[str, Any]:
    first, second = choose.choice(_WORDS).title(), choose.choice(_WORDS).title()
    fields = [
        f"{choose.choice(_WORDS)}_{choose.choice(_WORDS)}_{place} {choose.choice(_TYPES)}"
        for place in range(choose.randint(5, 10))
    ]
    return {
        "name": f"{first}{second}{number}",
        "fields": ["id uuid pk", *fields],
        "relationships": [],
        "expected_growth": f"{choose.randint(1, 900)}k in 12 months",
    }


def _api(thing: dict[str, Any]) -> dict[str, Any]:
    example = {field.partition(" ")[0]: "value" for field in thing["fields"][1:4]}
    return {
        "name": f"{thing['name']}API",
        "methods": ["GET", "POST", "PUT", "DELETE"],
        "payload_examples": {"POST": example},
        "sla": "p95 < 200ms",
    }


def _process(number: int) -> dict[str, Any]:
    return {
        "name": f"recalculate_{number}",
        "type": "batch" if number % 2 else "async",
        "description": "nightly recalculation of what has changed since the day before",
        "sla": "finish < 2h",
    }
