"""Where webhooks may be sent: not to what only this machine and its network can reach.

A URL from outside that we call could otherwise speak for us to services that trust their network
(server-side request forgery, OWASP API7:2023).
"""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

from quaestor_shared.contracts.errors import ErrorDetail

__all__ = ["faults_of_url", "host_of", "is_public"]

# Addresses of IPv6 that stand for one of IPv4: RFC 6052.
_NAT64 = IPv6Network("64:ff9b::/96")
_HIGHEST_PORT = 65_535


def is_public(text: str) -> bool:
    """Say whether an address is one of the internet at large."""
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, IPv6Address):
        meant = _ipv4_in(address)
        if meant is not None:
            return is_public(str(meant))
    return address.is_global and not address.is_multicast and not address.is_reserved


def host_of(url: str) -> str:
    """Give the host of a URL, which is all of it that a log may show."""
    return urlsplit(url).hostname or ""


def faults_of_url(url: str) -> list[ErrorDetail]:
    """List what is wrong with a webhook's URL, beyond its form."""
    try:
        parts = urlsplit(url)
        port = parts.port if parts.port is not None else 1
    except ValueError:
        return [ErrorDetail(field="/url", message="cannot be read as a URL")]
    faults = []
    if not parts.hostname or not 0 < port <= _HIGHEST_PORT:
        faults.append("needs a host, and a port between 1 and 65535 if any")
    if parts.username is not None or parts.password is not None:
        faults.append("must not have a user name; the signature says who sends")
    if parts.fragment:
        faults.append("must not have a fragment; it would not be sent")
    return [ErrorDetail(field="/url", message=fault) for fault in faults]


def _ipv4_in(address: IPv6Address) -> IPv4Address | None:
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address.teredo is not None:
        return address.teredo[1]
    return IPv4Address(int(address) & 0xFFFF_FFFF) if address in _NAT64 else None
