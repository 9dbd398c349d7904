"""Host names as they come, and as they are stored."""

from __future__ import annotations

from functools import lru_cache

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest
from django.http.request import split_domain_port

LONGEST = 253  # RFC 1035


@lru_cache(maxsize=4096)
def normalise(raw: str) -> str | None:
    """Lower case, without port and trailing dot, international names as punycode. None for what is no host name."""
    try:
        name = raw if raw.isascii() else raw.encode("idna").decode("ascii")
    except UnicodeError:
        return None
    host: str = split_domain_port(name)[0]
    return host if 0 < len(host) <= LONGEST and not host.startswith(".") and ".." not in host else None


def of_request(request: HttpRequest) -> tuple[str | None, bool]:
    """The host a request is for (None when it is no host name), and whether ALLOWED_HOSTS has room for it."""
    try:
        return normalise(request.get_host()), True
    except DisallowedHost:
        raw = request.META.get("HTTP_HOST", "")
        return (normalise(raw) if raw.isascii() else None), False  # a header is ASCII: what is not is garbage
