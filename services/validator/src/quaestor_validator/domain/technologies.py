"""Well-known stores: their names and versions, and the kinds that each can serve as."""

import re
from typing import NamedTuple

from quaestor_shared.contracts.artifact import StorageKind
from quaestor_validator.domain.words import folded, listed

__all__ = ["DISTRIBUTED", "Product", "is_known", "kinds_of", "may_be_a_word", "product_of"]

_SQL, _NOSQL = StorageKind.SQL, StorageKind.NOSQL
_BLOB, _CACHE = StorageKind.BLOB, StorageKind.CACHE
_SEARCH, _QUEUE = StorageKind.SEARCH, StorageKind.QUEUE

# Only kinds that hardly anybody would argue about are left out of a row.
_KINDS: dict[str, tuple[StorageKind, ...]] = {
    "mongodb": (_NOSQL, _SEARCH, _QUEUE),
    "dynamodb": (_NOSQL, _CACHE),
    "cassandra": (_NOSQL,),
    "scylladb": (_NOSQL,),
    "couchdb": (_NOSQL,),
    "firestore": (_NOSQL,),
    "neo4j": (_NOSQL,),
    "mysql": (_SQL, _NOSQL, _QUEUE, _SEARCH),
    "mariadb": (_SQL, _NOSQL, _QUEUE, _SEARCH),
    "oracle": (_SQL, _NOSQL, _QUEUE, _SEARCH, _BLOB),
    "sqlserver": (_SQL, _NOSQL, _QUEUE, _SEARCH, _BLOB),
    "cockroachdb": (_SQL, _QUEUE),
    "s3": (_BLOB,),
    "amazons3": (_BLOB,),
    "awss3": (_BLOB,),
    "minio": (_BLOB,),
    "gcs": (_BLOB,),
    "r2": (_BLOB,),
    "azureblobstorage": (_BLOB,),
    "memcached": (_CACHE,),
    "varnish": (_CACHE,),
    "elasticsearch": (_SEARCH, _NOSQL),
    "opensearch": (_SEARCH, _NOSQL),
    "solr": (_SEARCH, _NOSQL),
    "meilisearch": (_SEARCH,),
    "typesense": (_SEARCH,),
    "algolia": (_SEARCH,),
    "rabbitmq": (_QUEUE,),
    "kafka": (_QUEUE,),
    "apachekafka": (_QUEUE,),
    "sqs": (_QUEUE,),
    "awssqs": (_QUEUE,),
    "amazonsqs": (_QUEUE,),
    "nats": (_QUEUE, _NOSQL),
    "activemq": (_QUEUE,),
}
# Stores that spread over machines by themselves.
DISTRIBUTED = frozenset(
    listed(
        "dynamodb, cassandra, scylladb, cockroachdb, bigquery, spanner, bigtable, "
        "clickhouse, snowflake, yugabytedb, tidb, cosmosdb, firestore, hbase, citus"
    )
)
# Known too, without a word on what they can serve as.
_OTHERS = frozenset(listed("postgresql, postgres, redis, valkey, sqlite, mssql, aurora, pulsar"))


# In lower case these are words, or letters, of other things too.
_WORDS = frozenset(
    listed("oracle, varnish, aurora, pulsar, spanner, snowflake, nats, citus, solr, r2, gcs, s3")
)
# Other names of the same product.
_SYNONYMS = {
    "postgres": "postgresql",
    "pgsql": "postgresql",
    "mongo": "mongodb",
    "elastic": "elasticsearch",
    "mssql": "sqlserver",
    "cockroach": "cockroachdb",
    "scylla": "scylladb",
    "dynamo": "dynamodb",
    "gcs": "cloudstorage",
    "rabbit": "rabbitmq",
    "sqlite3": "sqlite",
}
_MAKER = re.compile(r"^(?:apache|amazon|aws|microsoft|google)(?=.)")
_VERSION = re.compile(
    r"[\s_-](?:v|version\s*)?([0-9]{1,4}(?:\.(?:[0-9]{1,6}|x)){0,3})\+?$", re.IGNORECASE
)
_LONGEST = 100


class Product(NamedTuple):
    """A technology: its folded name, and the numbers of its version, if one is told."""

    name: str
    version: tuple[int, ...]


def product_of(technology: str) -> Product:
    """Read a technology: `Postgres 17` and `PostgreSQL v17.0` name one product."""
    text = technology.strip()
    match = _VERSION.search(text) if len(text) <= _LONGEST else None
    name = _MAKER.sub("", folded(text[: match.start()] if match else text))
    if not name:
        return Product(folded(text), ())
    parts = match[1].split(".") if match else []
    numbers = [int(part) for part in parts if part.isdigit()]
    while numbers and numbers[-1] == 0:
        numbers.pop()  # 17.0 is 17
    return Product(_SYNONYMS.get(name, name), tuple(numbers))


def is_known(technology: str) -> bool:
    """Say whether a word is the name of a store that is well known."""
    name = folded(technology)
    return name in _KINDS or name in DISTRIBUTED or name in _OTHERS


def may_be_a_word(technology: str) -> bool:
    """Say whether a store's name, in lower case, may as well be something else."""
    return folded(technology) in _WORDS


def kinds_of(technology: str) -> tuple[StorageKind, ...]:
    """Give the kinds that a technology can serve as; none of one that is not known."""
    return _KINDS.get(folded(technology.strip()), ())
