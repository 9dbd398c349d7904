"""Slowing down guesses: five failures in fifteen minutes for an e-mail or for an address, whichever comes first.

An attempt is written down before the password is looked at, under a lock, so fifty requests at once get five guesses
and not fifty. It lives in the database: with Redis away the count still holds. E-mails and addresses are kept as keyed
hashes only.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from shared_apps.accounts.addresses import neighbourhood
from shared_apps.accounts.errors import TooManyAttempts
from shared_apps.accounts.models import SignInAttempt

FAILURES = 5
WINDOW = timedelta(minutes=15)
SOON = 1  # seconds; when only attempts still being judged stand in the way


def begin(*, email: str, address: str) -> SignInAttempt:
    """Write an attempt down before it is judged. Raises TooManyAttempts, with the seconds to wait."""
    now = timezone.now()
    attempt = SignInAttempt(
        email_hash=_hash("email", email.strip().lower()),
        address_hash=_hash("address", neighbourhood(address)) if address else "",
        at=now,
    )
    counted = [("email_hash", attempt.email_hash)]
    if attempt.address_hash:
        counted.append(("address_hash", attempt.address_hash))
    with transaction.atomic():
        _lock(*sorted(key for _field, key in counted))
        for field, key in counted:
            recent = SignInAttempt.objects.filter(Q((field, key)), at__gt=now - WINDOW).order_by("-at")
            _refuse_when_full(list(recent.values_list("at", "failed")[:FAILURES]), now)
        attempt.save(force_insert=True)
    return attempt


def failed(attempt: SignInAttempt) -> None:
    SignInAttempt.objects.filter(pk=attempt.pk).update(failed=True)


def succeeded(attempt: SignInAttempt) -> None:
    """Forget what was counted against this e-mail. What the address did with other e-mails still counts."""
    SignInAttempt.objects.filter(email_hash=attempt.email_hash).delete()


def withdraw(attempt: SignInAttempt) -> None:
    """It was no guess, and no success yet either: what was counted before still counts."""
    SignInAttempt.objects.filter(pk=attempt.pk).delete()


def purge(now: datetime) -> int:
    """Delete what no longer counts; how many rows."""
    return SignInAttempt.objects.filter(at__lte=now - WINDOW).delete()[0]


def _refuse_when_full(recent: list[tuple[datetime, bool]], now: datetime) -> None:
    if len(recent) < FAILURES:
        return
    judged = all(was_failure for _at, was_failure in recent)
    wait = recent[-1][0] + WINDOW - now if judged else timedelta(seconds=SOON)
    raise TooManyAttempts(retry_after=max(1, int(wait.total_seconds()) + 1))


def _lock(*keys: str) -> None:
    """Until the end of the transaction nobody else counts for these keys. Sorted keys cannot deadlock."""
    with connection.cursor() as cursor:
        for key in keys:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int(key[:15], 16)])


def _hash(kind: str, value: str) -> str:
    return hmac.new(f"sign-in.{kind}.{settings.SECRET_KEY}".encode(), value.encode(), hashlib.sha256).hexdigest()
