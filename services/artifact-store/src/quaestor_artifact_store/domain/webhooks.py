"""How events are sent to webhooks: signed as Standard Webhooks 1.0 says, and again when they fail.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

import base64
import binascii
import hashlib
import hmac
import math

__all__ = ["is_secret", "rest", "retry_delay", "secret_of", "signed"]

_PREFIX = "whsec_"
_KEY_BYTES = range(24, 65)
_GROWTH = 4.0
_LONGEST = 36_000.0  # seconds: ten hours
_PATIENCE = 3  # failures in a row before all that waits is held back
_LONGEST_REST = 60.0


def secret_of(key: bytes) -> str:
    """Write a key as a secret."""
    return _PREFIX + base64.b64encode(key).decode()


def is_secret(text: str) -> bool:
    """Say whether a text is a secret of 24 to 64 bytes."""
    try:
        return text.startswith(_PREFIX) and len(_key(text)) in _KEY_BYTES
    except binascii.Error:
        return False


def signed(message_id: str, timestamp: int, body: bytes, secret: str) -> dict[str, str]:
    """Give the headers that name a message and prove who sent it. `timestamp` is in seconds."""
    content = f"{message_id}.{timestamp}.".encode() + body
    signature = hmac.new(_key(secret), content, hashlib.sha256).digest()
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": f"v1,{base64.b64encode(signature).decode()}",
    }


def retry_delay(attempts: int, first: float, chance: float) -> float:
    """Give the seconds after which to try again what failed so many times.

    `first` is the delay after the first failure; each following one is four times longer, up to
    ten hours. `chance`, between 0 and 1, spreads it by a fifth to either side.
    """
    delay = min(first * math.pow(_GROWTH, min(attempts - 1, 20)), _LONGEST)
    return delay * (0.8 + 0.4 * chance)


def rest(failures: int, first: float) -> float:
    """Give the seconds for which nothing is sent after so many failures in a row.

    One event that a receiver cannot take does not hold up the others; a receiver that takes
    nothing is left alone for a while, at most a minute.
    """
    if failures < _PATIENCE:
        return 0.0
    return min(first * math.pow(2, min(failures - _PATIENCE, 20)), _LONGEST_REST)


def _key(secret: str) -> bytes:
    return base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
