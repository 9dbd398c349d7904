"""Signatures over a webhook's raw body, as Stripe writes them: `t=<unix seconds>,v1=<hex of HMAC-SHA256>`."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Sequence

from billing.gateways.base import NotGenuine

TOLERANCE = 300  # seconds, both ways: an old one was overheard, one from the future was made up
_TIME = re.compile(r"[0-9]{1,12}")


def sign(body: bytes, secret: str, *, at: int) -> str:
    """The header for a body. `at`: Unix seconds."""
    return f"t={at},v1={_digest(body, secret, str(at))}"


def verify(body: bytes, header: str, secrets: Sequence[str], *, now: float) -> None:
    """Raises NotGenuine unless one of the secrets signed this body about now. An empty secret signs nothing."""
    parts = [part.partition("=") for part in header.split(",")[:20]]
    times = [value for name, _, value in parts if name.strip() == "t"]
    given = [value.strip() for name, _, value in parts if name.strip() == "v1"]
    if len(times) != 1 or not _TIME.fullmatch(times[0]) or not given:
        raise NotGenuine("no signature that can be read")
    expected = [_digest(body, secret, times[0]) for secret in secrets if secret]
    if not any(_same(one, another) for one in expected for another in given):
        raise NotGenuine("signed by somebody else")
    if abs(now - int(times[0])) > TOLERANCE:
        raise NotGenuine("signed at another time")


def same_token(given: str, wanted: str) -> bool:
    """Compared in constant time; an empty one is never right."""
    return bool(wanted) and _same(given, wanted)


def _digest(body: bytes, secret: str, at: str) -> str:
    return hmac.new(secret.encode(), at.encode() + b"." + body, hashlib.sha256).hexdigest()


def _same(one: str, another: str) -> bool:
    return hmac.compare_digest(one.encode(), another.encode())
