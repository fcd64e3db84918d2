"""A document of people's own writing."""

__all__ = ["DOCUMENT"]

# Written by hand, in another layout than design-api's.
DOCUMENT = """# Meal planner

Written by several people.

<!-- HUMAN_DOC_START -->
## Backend Design

### Backend Overview

This backend supports meal-planning logic.

### Data Models & Relationships

#### UserProfile

Grows to 100k in 12 months. Refers to `MealPlan`.

| field |
|---|
| id |
| `email` |
| preferences |

### APIs & Services

* __MealPlanAPI__ answers GET, POST, PUT and DELETE (p95 < 200ms). For instance:

  ```json
  {
    "meals": ["id1", "id2"]
  }
  ```
* **Spoonacular** at <https://api.spoonacular.com/mealplanner>, with an API key; 50 requests/min,
  99.5% uptime.

### Processing Flows

1. `recalculate_plan` (Async): Nightly batch to adjust meal plan, must finish < 2h.

### Storage & Scaling Strategy

- SQL: PostgreSQL, primary datastore
- Cache: `Redis`, fast lookup
- S3 (blob): images and files

We scale by horizontal pods: AKS autoscale.

### Compliance & Observability

Logging: audit log. Audit: ISO27001. Residency: EU. Metrics: req/sec, latency. Probes: liveness,
readiness. Traces: openTelemetry.

### Dependencies & Assumptions

identity.json, research.json; US-only rollout.

### Open Questions

HIPAA storage needed?
<!-- HUMAN_DOC_END -->

Text of others.
"""
