"""Checks one instance after another against users' schemas; keeps the schemas it has compiled."""

import hashlib
from collections import OrderedDict
from itertools import islice
from typing import Any

from msgspec.structs import replace

from quaestor_shared.errors import MalformedBody
from quaestor_shared.service import strict_json
from quaestor_shared.service.faults import Scope, meant_faults
from quaestor_validator.workers.comparing import lost, unproved
from quaestor_validator.workers.compiling import Compiled, Compiler, Unknown, UnusableSchema
from quaestor_validator.workers.memory import memory_in_use
from quaestor_validator.workers.protocol import (
    BadSchema,
    Compare,
    Compared,
    Job,
    Learn,
    Needs,
    Outcome,
    Schema,
    Task,
    Unread,
    Verdict,
)

__all__ = ["Checker"]

_COMPILED = 64  # schemas kept


class Checker:
    """Answers jobs. What it learns and compiles is kept for the jobs that follow."""

    def __init__(self, memory_bytes: int) -> None:
        self._compiler = Compiler()
        self._compiled: OrderedDict[tuple[str, bool], Compiled] = OrderedDict()
        self._worn = memory_bytes // 2

    def learn(self, lesson: Learn) -> None:
        """Take schemas in, and forget what was said to be absent before."""
        self._compiler.learn(lesson)

    def run(self, job: Task) -> Outcome:
        """Answer one job."""
        try:
            if isinstance(job, Compare):
                return self._compare(job)
            if job.instance is None:
                self._compiler.check(self._schema(job.schema))
                return Verdict()
            compiled = self._compile(job)
            instance, twice = strict_json.parse_loosely(job.instance, nul=True)
        except Unknown as error:
            return Needs(uris=error.uris)
        except UnusableSchema as error:
            return BadSchema(faults=error.faults)
        except MalformedBody as error:
            return Unread(message=error.message, faults=error.details)
        verdict = self._verdict(compiled, instance, job.most)
        return replace(verdict, twice=bool(twice), retire=self._is_worn())

    def _verdict(self, compiled: Compiled, instance: Any, most: int) -> Verdict:  # noqa: ANN401
        if compiled.validator.is_valid(instance):
            return Verdict()
        errors = compiled.validator.iter_errors(instance)
        scope = Scope(compiled.tree, instance)
        faults = list(dict.fromkeys(meant_faults(islice(errors, most), scope)))
        shown = faults[:most]
        left_out = len(faults) - len(shown) + sum(1 for _ in errors)
        return Verdict(faults=tuple(shown), left_out=left_out)

    def _compile(self, job: Job) -> Compiled:
        schema = job.schema
        name = schema if isinstance(schema, str) else _digest(schema)
        key = (name, job.formats)
        found = self._compiled.get(key)
        if found is None:
            found = self._compiled[key] = self._compiler.compile(
                self._schema(schema), formats=job.formats
            )
            if len(self._compiled) > _COMPILED:
                self._compiled.popitem(last=False)
        self._compiled.move_to_end(key)
        return found

    def _compare(self, job: Compare) -> Compared:
        old, new = self._schema(job.old), self._schema(job.new)
        compared = (unproved if job.prove else lost)(self._compiler, old, new)
        return replace(compared, retire=self._is_worn())

    def _schema(self, schema: str | Schema) -> Schema:
        return schema if isinstance(schema, Schema) else self._compiler.find(schema)

    def _is_worn(self) -> bool:
        """Say whether what is kept leaves the next job less than half of the memory."""
        return memory_in_use() > self._worn


def _digest(schema: Schema) -> str:
    return hashlib.sha256(schema.base.encode() + b"\0" + schema.text).hexdigest()
