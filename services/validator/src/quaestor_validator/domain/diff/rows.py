"""Rows that an entity took and takes no more."""

from collections.abc import Sequence
from typing import Any

from msgspec import UNSET

from quaestor_shared.contracts.diffs import Witness, WitnessKind
from quaestor_shared.service.schema_messages import cut_key
from quaestor_validator.domain.diff.columns import Column, fault_of, row_of
from quaestor_validator.domain.diff.found import witness

__all__ = ["lost_row", "lost_twins"]

# An entity with more fields is none that somebody wrote, and its rows show nothing.
_MOST_FIELDS = 500


def lost_row(
    entity: str,
    columns: Sequence[Column],
    index: int,
    now: Sequence[Column],
    *,
    shown: str | None = None,
    value: Any = UNSET,  # noqa: ANN401 - a JSON value
) -> Witness | None:
    """Give a row that `columns` take, and do not with those of `now` in place of that at `index`.

    It has what is required, and `shown`, with `value` where one is given. None where it is no
    witness after all.
    """
    if len(columns) > _MOST_FIELDS:
        return None
    row = row_of(columns, *([shown] if shown is not None else []))
    if shown is not None and value is not UNSET:
        row[shown] = value
    fault = fault_of([*columns[:index], *now, *columns[index + 1 :]], row)
    if fault_of(columns, row) is not None or fault is None:
        return None
    whole = {"entity": entity, "row": row}
    return witness(WitnessKind.ROW, f"a row of {cut_key(entity)}", whole, "it is taken", fault)


def lost_twins(entity: str, columns: Sequence[Column], column: Column) -> Witness | None:
    """Give two rows that were taken both, and are not when a column has to be unique."""
    if len(columns) > _MOST_FIELDS:
        return None
    row = row_of(columns, column.name)
    return witness(
        WitnessKind.ROWS,
        f"two rows of {cut_key(entity)} with the same `{cut_key(column.name)}`",
        {"entity": entity, "rows": [row, row]},
        "both are taken",
        f"`{cut_key(column.name)}` has to be unique",
    )
