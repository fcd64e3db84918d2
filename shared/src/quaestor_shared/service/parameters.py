"""Query and header parameters that routes of several services take."""

from typing import Annotated

from litestar.params import HeaderParameter, QueryParameter

__all__ = ["Count", "Cursor", "DryRun", "FeatureFilter", "IfMatch", "IfNoneMatch", "Limit"]

Count = Annotated[
    bool, QueryParameter(description="Say in `meta.pagination.total` how many there are in all.")
]

Cursor = Annotated[
    str | None,
    QueryParameter(max_length=2_000, description="`meta.pagination.next` of the page before."),
]
DryRun = Annotated[
    bool, QueryParameter(description="Answer what would be done, say so in `meta`, write nothing.")
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
