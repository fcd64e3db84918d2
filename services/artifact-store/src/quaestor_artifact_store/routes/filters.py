"""Query parameters that lists of the store take."""

from typing import Annotated, Literal

from litestar.params import QueryParameter

from quaestor_artifact_store.domain.listing import ArtifactSort, VersionSort
from quaestor_shared.contracts.versions import ArtifactState, VersionState

__all__ = [
    "Author",
    "Include",
    "LabelPrefix",
    "MediaType",
    "Path",
    "PathPrefix",
    "Since",
    "SortOfArtifacts",
    "SortOfVersions",
    "StateOfArtifact",
    "StateOfVersion",
    "Until",
    "UpdatedSince",
    "UpdatedUntil",
]

_NO_NUL = r"^[^\x00]*\Z"  # no row has one, and not every database takes one

Path = Annotated[
    str | None, QueryParameter(max_length=500, pattern=_NO_NUL, description="At this very path.")
]
PathPrefix = Annotated[
    str | None,
    QueryParameter(max_length=500, pattern=_NO_NUL, description="At paths that start with this."),
]
Author = Annotated[
    str | None,
    QueryParameter(max_length=200, pattern=_NO_NUL, description="Written by this one."),
]
MediaType = Annotated[
    str | None,
    QueryParameter(
        max_length=200, pattern=_NO_NUL, description="Of this type, whatever its parameters."
    ),
]
LabelPrefix = Annotated[
    str | None,
    QueryParameter(max_length=100, pattern=_NO_NUL, description="With labels that start so."),
]
# `state` is a name that Litestar keeps to itself.
StateOfArtifact = Annotated[
    ArtifactState | None,
    QueryParameter(
        name="state",
        description="Whether the latest version is approved; or deleted, and not listed otherwise.",
    ),
]
StateOfVersion = Annotated[
    VersionState | None, QueryParameter(name="state", description="Approved or not.")
]
Since = Annotated[str | None, QueryParameter(description="Written then or later: RFC 3339.")]
Until = Annotated[str | None, QueryParameter(description="Written before then: RFC 3339.")]
UpdatedSince = Annotated[str | None, QueryParameter(description="Changed then or later: RFC 3339.")]
UpdatedUntil = Annotated[str | None, QueryParameter(description="Changed before then: RFC 3339.")]
SortOfArtifacts = Annotated[
    ArtifactSort, QueryParameter(description="By feature and path, or by a time; `-` turns round.")
]
SortOfVersions = Annotated[
    VersionSort, QueryParameter(description="By number; `-number` begins with the newest.")
]
Include = Annotated[
    Literal["deleted"] | None, QueryParameter(description="`deleted` shows what is deleted too.")
]
