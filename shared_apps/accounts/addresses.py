"""Where a request comes from."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings


def client_address(meta: Mapping[str, str]) -> str:
    """The client's IP address from WSGI's META, or "" when it is unknown (a Unix socket).

    Each of our own proxies (settings.TRUSTED_PROXIES says how many) appends the address it was called from to
    X-Forwarded-For; what stands to the left of theirs was written by the client and counts for nothing.
    """
    seen = [part.strip() for part in meta.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    proxies = settings.TRUSTED_PROXIES
    forwarded = seen[-proxies] if 0 < proxies <= len(seen) else ""
    return _valid(forwarded) or _valid(meta.get("REMOTE_ADDR", ""))


def neighbourhood(address: str) -> str:
    """What to count by: an IPv4 address, or the /64 that one IPv6 subscriber has to himself."""
    if not address or not isinstance(ip_address(address), IPv6Address):
        return address
    return str(ip_network((address, 64), strict=False))


def _valid(text: str) -> str:
    try:
        address = ip_address(text)
    except ValueError:
        return ""
    return str(getattr(address, "ipv4_mapped", None) or address).partition("%")[0]
