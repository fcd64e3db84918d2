"""Where webhooks may be, how they are signed, and when a failed delivery is tried again."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quaestor_artifact_store.domain.addresses import faults_of_url, is_public
from quaestor_artifact_store.domain.webhooks import (
    is_secret,
    rest,
    retry_delay,
    secret_of,
    signed,
)


@pytest.mark.parametrize(
    "text",
    [
        *("127.0.0.1", "127.9.9.9", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254"),
        *("0.0.0.0", "100.64.0.1", "224.0.0.1", "255.255.255.255", "240.0.0.1", "192.0.2.1"),  # noqa: S104
        *("::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1", "2001:db8::1"),
        *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::"),
        *("2001:0:4136:e378:8000:63bf:f5ff:fffe", "localhost", "", "127.1", "0x7f000001"),
    ],
)
def test_what_is_not_public(text: str) -> None:
    """Addresses of this machine, of private networks and of nobody are not public."""
    assert not is_public(text)


@pytest.mark.parametrize("text", ["1.1.1.1", "93.184.216.34", "2606:4700::1111", "::ffff:1.1.1.1"])
def test_what_is_public(text: str) -> None:
    """Addresses of the internet are public."""
    assert is_public(text)


@pytest.mark.parametrize(
    "url",
    [
        "https://user@example.com/", "https://user:word@example.com/", "https://example.com/#x",
        "https://:80/", "https://example.com:0/", "https://example.com:99999/", "https://[::1/",
        "https://example.com:x/",
    ],
)  # fmt: skip
def test_urls_that_nothing_is_sent_to(url: str) -> None:
    """A URL with a user name, a fragment, no host or no real port is refused."""
    assert [fault.field for fault in faults_of_url(url)] == ["/url"]


def test_a_good_url() -> None:
    """Path, query and port are the receiver's own business."""
    assert faults_of_url("http://example.com:8080/a/b?c=d") == []


def test_the_vector_of_the_reference_library() -> None:
    """The signature is that which the reference libraries of Standard Webhooks test for."""
    headers = signed(
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        1614265330,
        b'{"test": 2432232314}',
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    )
    assert headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


@given(st.binary(max_size=80))
def test_secrets(key: bytes) -> None:
    """A secret is one by the number of its bytes, and reads back as what was written."""
    text = secret_of(key)
    assert is_secret(text) is (24 <= len(key) <= 64)
    assert base64.b64decode(text.removeprefix("whsec_")) == key


@pytest.mark.parametrize("text", ["whsec_" + "a" * 33, "whsec_" + "?" * 32, "whsec_=", "x" * 40])
def test_what_is_no_secret(text: str) -> None:
    """What is not base64 is no secret."""
    assert not is_secret(text)


@given(st.integers(1, 1000), st.floats(0.01, 60), st.floats(0, 1))
def test_delays(attempts: int, first: float, chance: float) -> None:
    """A delay is at least what the one before it could be, up to ten hours, spread by a fifth."""
    delay = retry_delay(attempts, first, chance)
    assert 0.8 * first <= delay < 1.21 * 36_000
    assert retry_delay(attempts, first, 0.5) <= retry_delay(attempts + 1, first, 0.5)
    assert retry_delay(attempts, first, 0) <= delay <= retry_delay(attempts, first, 1)


def test_the_schedule() -> None:
    """By default the nine retries come 5 s to 10 h after the attempt before, a day in all."""
    delays = [round(retry_delay(attempt, 5, 0.5)) for attempt in range(1, 10)]
    assert delays == [5, 20, 80, 320, 1280, 5120, 20480, 36000, 36000]


@given(st.integers(0, 1000))
def test_rests(failures: int) -> None:
    """Single failures hold nobody up; many in a row do, for a minute at most."""
    assert (rest(failures, 5) == 0) is (failures < 3)
    assert rest(failures, 5) <= 60
