"""The stores of a design: one for what has to be kept, each used for what it is good at."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import chain

from msgspec import UNSET

from quaestor_shared.contracts.artifact import StorageKind, Store
from quaestor_shared.contracts.findings import Severity
from quaestor_shared.pointers import Path
from quaestor_shared.service.schema_messages import cut
from quaestor_validator.domain.rules.base import Issue, NoOptions, Options, Rule
from quaestor_validator.domain.rules.design import Design
from quaestor_validator.domain.technologies import kinds_of
from quaestor_validator.domain.words import folded, listed, tokens

__all__ = ["RULES", "LargeBlobOptions"]

_LONGEST = 200
_KEEPING = frozenset((StorageKind.SQL, StorageKind.NOSQL))
_EXPIRY = listed(
    "ttl, expir, evict, invalidat, lru, lfu, refresh, write-through, write through, "
    "purge, stale, max-age, seconds, minute, hour, day"
)
_SEARCHING = ("full-text", "full text", "fulltext", "tsvector", "trigram", "pg_trgm", "fts")
_SMALL = frozenset(
    listed(
        "hash, hashed, salt, digest, checksum, sha, md, key, signature, nonce, token, "
        "secret, iv, fingerprint, hmac, ip, uuid, id, etag"
    )
)


class LargeBlobOptions(Options, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`types`: the types of fields that hold large blobs, in lower case."""

    types: tuple[str, ...] = listed(
        "blob, longblob, mediumblob, bytea, binary, varbinary, image, video, audio, file, "
        "pdf, base64, bytes, lob, photo, attachment"
    )


def duplicate_stores(design: Design, _: NoOptions) -> Iterator[Issue]:
    """Find stores of the same kind and technology."""
    first: dict[tuple[str, str], int] = {}
    stores = design.artifact.storage
    for i, store in enumerate(stores if len(stores) != len(design.kinds) else ()):
        earlier = first.setdefault((store.kind.value, folded(store.technology)), i)
        if earlier != i:
            yield Issue(
                path=("storage", i),
                message=f"{cut(store.technology)} is the {store.kind.value} store at "
                f"/storage/{earlier} already",
                expected="one entry for each kind and technology",
                fix="make the two one, or say in `technology` how they differ",
                related=((("storage", earlier), "the first one"),),
            )


def nowhere_to_keep(design: Design, _: NoOptions) -> Iterator[Issue]:
    """Find that no store could hold the entities: none of the kinds sql and nosql."""
    if _KEEPING.isdisjoint(design.kinds):
        kinds = ", ".join(sorted(kind.value for kind in design.kinds))
        yield Issue(
            path=("storage",),
            message=f"there are entities, and no store that keeps records: only {kinds}",
            expected="a store of the kind `sql` or `nosql`",
            actual=cut(kinds),
            fix="add the store that the entities are kept in",
            related=((("entities",), "the entities"),),
        )


def large_blobs(design: Design, options: LargeBlobOptions) -> Iterator[Issue]:
    """Find fields for large blobs in a design without a blob store.

    The type, which is the field's second word, tells; hashes, keys and the like are small.
    """
    if StorageKind.BLOB in design.kinds:
        return
    types = frozenset(options.types)
    large = {rest.rstrip() for rest in design.fields.types if _type_of(rest[:_LONGEST]) in types}
    for i, entity in enumerate(design.artifact.entities if large else ()):
        for j, field in enumerate(entity.fields):
            name, _, rest = field.strip().partition(" ")
            if rest in large and _SMALL.isdisjoint(tokens(name)):
                yield Issue(
                    path=("entities", i, "fields", j),
                    message=f"{cut(name)} of {cut(entity.name)} holds large blobs, and there is "
                    "no blob store",
                    expected="a store of the kind `blob`, and the place of the blob in the field",
                    actual=cut(field),
                    fix="add a blob store, and keep its key or address in the field",
                )


@lru_cache(maxsize=1024)
def _type_of(rest: str) -> str:
    return re.split(r"[\s(]", rest.strip().lower(), maxsplit=1)[0]


def cache_without_expiry(design: Design, _: NoOptions) -> Iterator[Issue]:
    """Find caches of which nothing says when an entry stops being good."""
    if StorageKind.CACHE not in design.kinds or design.says("invalidat", "ttl "):
        return
    for i, store in enumerate(design.artifact.storage):
        if store.kind is not StorageKind.CACHE:
            continue
        notes = "" if store.notes is UNSET else store.notes.lower()
        if not any(word in notes for word in _EXPIRY):
            yield Issue(
                path=_notes(i, store),
                message=f"nothing says when an entry of {cut(store.technology)} stops being good",
                expected="how long entries live, or what invalidates them",
                actual=None if store.notes is UNSET else cut(store.notes),
                fix="note a time to live, such as `listings, TTL 15 min`, or the event that "
                "invalidates",
            )


def search_without_store(design: Design, _: NoOptions) -> Iterator[Issue]:
    """Find a search that an API or a process promises, and no store that can search."""
    a = design.artifact
    if StorageKind.SEARCH in design.kinds:
        return
    names = design.api_names + [process.name for process in a.processes]
    if "search" not in "\n".join(names).lower():
        return
    stores = " ".join(f"{s.technology} {s.notes or ''}" for s in a.storage).lower()
    if "search" in stores or any(word in stores for word in _SEARCHING):
        return
    apis = ((("apis", "internal", i, "name"), x.name) for i, x in enumerate(a.apis.internal))
    processes = ((("processes", i, "name"), x.name) for i, x in enumerate(a.processes))
    promises: Iterable[tuple[Path, str]] = chain(apis, processes)
    for path, name in promises:
        if "search" in name.lower() and "search" in tokens(name):
            yield Issue(
                path=path,
                message=f"{cut(name)} promises a search, and no store can search",
                expected="a store of the kind `search`",
                actual=cut(name),
                fix="add a search store, or note at the store that does it, such as "
                "`full-text search`",
                related=((("storage",), "the stores"),),
            )


def foreign_technology(design: Design, _: NoOptions) -> Iterator[Issue]:
    """Find stores of a well-known technology that is of another kind."""
    for i, store in enumerate(design.artifact.storage):
        kinds = kinds_of(store.technology)
        if kinds and store.kind not in kinds:
            names = " or ".join(f"`{kind.value}`" for kind in kinds)
            yield Issue(
                path=("storage", i, "kind"),
                message=f"{cut(store.technology)} is no {store.kind.value} store",
                expected=names,
                actual=cut(store.kind.value),
                fix="give it its own kind, or name the technology that was meant",
                did_you_mean=kinds[0].value if len(kinds) == 1 else None,
            )


def unused_queue(design: Design, _: NoOptions) -> Iterator[Issue]:
    """Find queues in a design without an asynchronous process."""
    if design.asynchronous:
        return
    for i, store in enumerate(design.artifact.storage):
        if store.kind is StorageKind.QUEUE:
            yield Issue(
                path=("storage", i),
                message=f"{cut(store.technology)} is a queue, and no process is asynchronous",
                expected="a process of the type `async`",
                fix="name the process that takes from it, or leave the queue out",
            )


def _notes(i: int, store: Store) -> Path:
    return ("storage", i) if store.notes is UNSET else ("storage", i, "notes")


RULES = (
    Rule(
        code="storage/duplicate",
        severity=Severity.WARN,
        title="A store is listed once",
        check=duplicate_stores,
    ),
    Rule(
        code="storage/nowhere-to-keep",
        severity=Severity.WARN,
        title="There is a store that keeps the entities",
        check=nowhere_to_keep,
    ),
    Rule(
        code="storage/large-blob",
        severity=Severity.WARN,
        title="Large blobs have a blob store",
        check=large_blobs,
        options=LargeBlobOptions(),
    ),
    Rule(
        code="storage/cache-without-expiry",
        severity=Severity.INFO,
        title="A cache says when its entries stop being good",
        check=cache_without_expiry,
    ),
    Rule(
        code="storage/search-without-store",
        severity=Severity.WARN,
        title="A search has a store that can search",
        check=search_without_store,
    ),
    Rule(
        code="storage/foreign-technology",
        severity=Severity.WARN,
        title="A store's technology is of its kind",
        check=foreign_technology,
    ),
    Rule(
        code="storage/unused-queue",
        severity=Severity.INFO,
        title="A queue has a process that takes from it",
        check=unused_queue,
    ),
)
