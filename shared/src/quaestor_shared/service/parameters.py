"""Query and header parameters that routes of several services take."""

from typing import Annotated

from litestar.params import HeaderParameter, QueryParameter

__all__ = ["Cursor", "FeatureFilter", "IfMatch", "IfNoneMatch", "Limit"]

Cursor = Annotated[
    str | None,
    QueryParameter(max_length=2_000, description="`meta.pagination.next` of the page before."),
]
FeatureFilter = Annotated[
    str | None,
    QueryParameter(pattern=r"^[a-z0-9][a-z0-9-]{1,63}\Z", description="Only this feature's."),
]
Limit = Annotated[int, QueryParameter(ge=1, le=200, description="Items on a page.")]
IfMatch = Annotated[
    str | None,
    HeaderParameter(name="If-Match", description="The ETag that the change is meant for."),
]
IfNoneMatch = Annotated[
    str | None, HeaderParameter(name="If-None-Match", description="ETags that are known already.")
]
