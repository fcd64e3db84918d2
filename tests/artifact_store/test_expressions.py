"""Version expressions and times: what they are read as, and which version they mean."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import anyio.to_thread
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.databases import KINDS, Kept, new_version, open_at, opened, place_for

from quaestor_artifact_store.domain.expressions import Expression, read_expression
from quaestor_artifact_store.domain.listing import after_prefix
from quaestor_artifact_store.domain.times import read_time, read_times
from quaestor_artifact_store.repository import approvals
from quaestor_shared.contracts.approvals import CreateApproval
from quaestor_shared.errors import InvalidInput, NotFound

_ZONES = st.integers(-23 * 60 - 59, 23 * 60 + 59).map(lambda m: timezone(timedelta(minutes=m)))
_TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"))


@given(st.datetimes(datetime(1, 1, 3), datetime(9999, 12, 29), timezones=_ZONES))  # noqa: DTZ001
def test_a_time_is_read_as_its_instant(moment: datetime) -> None:
    """Whatever its offset, a time becomes the same instant in UTC, and sorts as text."""
    read = read_time(moment.isoformat(), "at")
    assert datetime.fromisoformat(read) == moment
    assert read == moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("2026-01-31T16:00:00Z", "2026-01-31T16:00:00.000000Z"),
        ("2026-01-31t16:00:00z", "2026-01-31T16:00:00.000000Z"),
        ("2026-01-31T16:00:00.5Z", "2026-01-31T16:00:00.500000Z"),
        ("2026-01-31T16:00:00.123456789Z", "2026-01-31T16:00:00.123456Z"),
        ("2026-01-31T17:30:00+01:30", "2026-01-31T16:00:00.000000Z"),
        ("2026-01-31T17:30:00 01:30", "2026-01-31T16:00:00.000000Z"),
        ("2026-01-31T16:00:00-00:00", "2026-01-31T16:00:00.000000Z"),
    ],
)
def test_forms_of_times(text: str, read: str) -> None:
    """Every form of RFC 3339 is read, and a `+` that arrives as a space; the rest is cut off."""
    assert read_time(text, "at") == read


@pytest.mark.parametrize(
    "text",
    [
        *("", "now", "2026-01-31", "2026-01-31T16:00Z", "2026-01-31T16:00:00", "20260131T160000Z"),
        *("2026-02-30T16:00:00Z", "2026-01-31T24:00:00Z", "2026-01-31T16:60:00Z"),
        *("2026-01-31T16:00:60Z", "2026-01-31T16:00:00.Z", "2026-01-31T16:00:00+24:00"),
        *("2026-01-31T16:00:00+01:60", "0000-01-31T16:00:00Z", "0001-01-01T00:00:00+01:00"),
        *("9999-12-31T23:59:59-01:00", "2026-W05-6T16:00:00Z", "\uff12026-01-31T16:00:00Z"),
    ],
)
def test_what_is_no_time(text: str) -> None:
    """A text that is no time is refused with its place."""
    with pytest.raises(InvalidInput) as caught:
        read_time(text, "at")
    assert [fault.field for fault in caught.value.details] == ["at"]


def test_every_wrong_time_is_named() -> None:
    """Of several times all that are wrong are named at once, and what is not given stays so."""
    assert read_times(since=None, until="2026-01-31T16:00:00Z") == [
        None,
        "2026-01-31T16:00:00.000000Z",
    ]
    with pytest.raises(InvalidInput) as caught:
        read_times(since="x", until="y")
    assert [fault.field for fault in caught.value.details] == ["since", "until"]


@pytest.mark.parametrize(
    ("text", "expression"),
    [
        ("7", Expression(number=7)),
        ("latest", Expression()),
        ("approved", Expression(approved=True)),
        ("as-of:2026-01-31T17:00:00+01:00", Expression(as_of="2026-01-31T16:00:00.000000Z")),
        ("1.2.0", Expression(label="1.2.0")),
        ("Latest", Expression(label="Latest")),
        ("as-of", Expression(label="as-of")),
        ("07", Expression(label="07")),
    ],
)
def test_expressions(text: str, expression: Expression) -> None:
    """A version is named by number, label, time or a moving name."""
    assert read_expression(text) == expression


@given(_TEXTS)
def test_any_text_is_read_or_refused(text: str) -> None:
    """A text is an expression that a database can be asked for, or refused as such."""
    try:
        read = read_expression(text)
    except (InvalidInput, NotFound):
        return
    assert read.label is None or read.label == text.strip("\0")


@given(_TEXTS, _TEXTS, _TEXTS)
def test_what_starts_with_a_prefix_lies_between_two_texts(
    prefix: str, rest: str, other: str
) -> None:
    """Texts with a prefix, and no others, lie from the prefix up to the text after all of them."""
    end = after_prefix(prefix)
    for text in (prefix + rest, other):
        between = prefix.encode() <= text.encode() and (end is None or text.encode() < end.encode())
        assert between == text.startswith(prefix)


@pytest.fixture(params=KINDS)
async def repository(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Kept]:
    """Give the repository on each kind of database."""
    async with opened(request.param, tmp_path) as database:
        yield Kept(database)


@pytest.mark.anyio
async def test_as_of(repository: Kept) -> None:
    """`as-of` means the version that was the latest then, to the microsecond."""
    made = [(await repository.commit([new_version(text)], None))[0][0] for text in "abc"]
    key = made[0].artifact_id
    for version in made:
        read = await repository.read_version(key, Expression(as_of=version.created_at))
        assert read.number == version.number
    assert (await repository.read_version(key, Expression(as_of="2027"))).number == 3
    with pytest.raises(NotFound):
        await repository.read_version(key, Expression(as_of="2026-01-31T15:59:59.999999Z"))


@pytest.mark.anyio
@pytest.mark.parametrize("kind", KINDS)
async def test_as_of_when_a_clock_is_set_back(kind: str, tmp_path: Path) -> None:
    """A version is never older than the one before it, whatever the clock says."""
    times = iter(["2026-01-02", "2026-01-01", "2026-01-03"])
    database = open_at(place_for(kind, tmp_path), lambda: f"{next(times)}T00:00:00.000000Z")
    repository = Kept(database)
    try:
        made = [(await repository.commit([new_version(text)], None))[0][0] for text in "abc"]
        assert [version.created_at[:10] for version in made] == [
            *("2026-01-02", "2026-01-02", "2026-01-03")
        ]
        which = Expression(as_of="2026-01-02T12:00:00.000000Z")
        assert (await repository.read_version(made[0].artifact_id, which)).number == 2
    finally:
        await anyio.to_thread.run_sync(database.close)


@pytest.mark.anyio
async def test_approved(repository: Kept) -> None:
    """`approved` means the highest version whose digest is approved, also under a later number."""
    a, b, _ = [(await repository.commit([new_version(text)], None))[0][0] for text in "abc"]
    key, approved = a.artifact_id, Expression(approved=True)
    with pytest.raises(NotFound):
        await repository.read_version(key, approved)
    for version in (b, a):
        await repository.do(
            *(approvals.grant, key, Expression(version.number)),
            CreateApproval(digest=version.digest),
        )
        assert (await repository.read_version(key, approved)).number == 2
    await repository.commit([new_version("a")], None)
    assert (await repository.read_version(key, approved)).number == 4
