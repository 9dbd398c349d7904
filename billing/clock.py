"""What time it is for billing: the real time. Where somebody moves the sandbox gateway's clock, ours moves along.

So weeks of dunning can be watched in minutes. It takes the setting SANDBOX_MOVES_CLOCK, which production does not have.
"""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from threading import Lock

import httpx
from django.conf import settings
from django.utils import timezone

from shared_apps.core.json_api import tls

KEPT = 1.0  # seconds for which a process believes the offset it was told
TIMEOUT = 2.0  # seconds; a sandbox on a busy machine takes its time, and an old time would decide

_lock = Lock()
_known = (0.0, timedelta())  # when to ask again by the monotonic clock; the offset


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return timezone.now() + offset()


def offset() -> timedelta:
    """How far the sandbox's clock was moved; nothing where it may not move ours, or does not answer."""
    if not (settings.SANDBOX_MOVES_CLOCK and settings.BILLING_GATEWAY == "sandbox" and settings.SANDBOX_URL):
        return timedelta()
    global _known
    with _lock:
        ask_again, known = _known
        if time.monotonic() >= ask_again:
            known = _ask() or known
            _known = (time.monotonic() + KEPT, known)
        return known


def forget() -> None:
    """Ask anew at the next look: the sandbox's clock was just moved, or it is another sandbox."""
    global _known
    with _lock:
        _known = (0.0, timedelta())


def _ask() -> timedelta | None:
    headers = {"Authorization": f"Bearer {settings.SANDBOX_SECRET}"}
    try:
        answer = httpx.get(f"{settings.SANDBOX_URL}/api/clock", headers=headers, timeout=TIMEOUT, verify=tls())
        return timedelta(seconds=int(answer.raise_for_status().json()["offset"]))
    except (httpx.HTTPError, ValueError, KeyError, TypeError):
        return None
