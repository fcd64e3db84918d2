"""The lines of the how-to that check a signature do check it."""

import re
import time
from collections.abc import Callable
from typing import Any, cast

import pytest
from tests.support.tree import ROOT

from quaestor_artifact_store.domain.webhooks import secret_of, signed

_BLOCK = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
SECRET, BODY = secret_of(b"k" * 32), b'{"type": "version.created"}'


@pytest.fixture(scope="module")
def verified() -> Callable[[dict[str, str], bytes, str], bool]:
    """Take the function out of the document."""
    block = _BLOCK.search((ROOT / "docs/how-to/events.md").read_text("utf-8"))
    assert block is not None
    names: dict[str, Any] = {}
    exec(block[1], names)  # noqa: S102 - the document is ours
    return cast("Callable[[dict[str, str], bytes, str], bool]", names["verified"])


def test_what_was_sent(verified: Callable[..., bool]) -> None:
    """What we send is verified, also beside a signature with another secret."""
    headers = signed("id", int(time.time()), BODY, SECRET)
    assert verified(headers, BODY, SECRET)
    headers["webhook-signature"] = f"v1,eA== {headers['webhook-signature']}"
    assert verified(headers, BODY, SECRET)


def test_what_was_not(verified: Callable[..., bool]) -> None:
    """Another body, secret, id or time is not verified, nor is what is old."""
    headers = signed("id", int(time.time()), BODY, SECRET)
    assert not verified(headers, BODY + b" ", SECRET)
    assert not verified(headers, BODY, secret_of(b"o" * 32))
    assert not verified({**headers, "webhook-id": "x"}, BODY, SECRET)
    assert not verified(signed("id", int(time.time()) - 400, BODY, SECRET), BODY, SECRET)
