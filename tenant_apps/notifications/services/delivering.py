"""Delivering what was written down, each at most once.

A message is claimed (committed) before its provider is called. A worker that dies in between leaves the claim behind:
nobody knows whether the provider took the message, so it is not sent again but marked as failed. Where the handing over
is a row in this database (e-mail), claim and handing over are one transaction, and nothing can be lost between them.

Whether its reader is still to be written to is asked after the claim, each time: a no between queueing and sending, or
between one try and the next, holds (`standing.py`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import F, Min, QuerySet

from shared_apps.core.prepared import Given, any_of, prepared
from shared_apps.tenancy.jobs import due, enqueue
from tenant_apps.notifications.channels import Carrier
from tenant_apps.notifications.channels.base import NotDelivered
from tenant_apps.notifications.models import Channel, Notification
from tenant_apps.notifications.services import standing
from tenant_apps.notifications.services.composing import Composer
from tenant_apps.notifications.services.standing import LeftOut

logger = structlog.get_logger(__name__)

RETRY = "notifications.retry"
LOST_AFTER = timedelta(minutes=10)  # a claim nobody settled belonged to a worker that died
FIRST_WAIT = timedelta(minutes=2)  # then 4, 8 ...
LONGEST_WAIT = timedelta(hours=3)
TRIES = 8
SKIPPED = "skipped"  # settled already, taken by another worker, or its time has not come
Status = Notification.Status


def deliver(ids: Iterable[UUID], *, now: datetime) -> Counter[str]:
    """Send those of these messages that wait; returns how many became what. Outside of a transaction."""
    composer = Composer()
    ids, became, skipped = list(ids), Counter[str](), []
    waiting = {pk: Channel(channel) for pk, channel in _waiting(ids=ids)}
    for pk in ids:
        outcome = _deliver(pk, waiting[pk], composer, now) if pk in waiting else SKIPPED
        became[outcome] += 1
        if outcome == SKIPPED:
            skipped.append(pk)
    if skipped and (abandoned := _abandoned(ids=skipped)):
        due.mark(RETRY, max(now, min(at for (at,) in abandoned)))
    return +became


def retry(*, now: datetime) -> dict[str, int]:
    """Send again what a provider did not take, and close what a dead worker left behind. A periodic job calls it."""
    lost = Notification.objects.filter(status=Status.SENDING, next_try_at__lte=now)
    closed = lost.update(status=Status.FAILED, next_try_at=None, error="lost: it may have been sent", url="")
    waiting = Notification.objects.filter(status=Status.PENDING, next_try_at__lte=now).order_by("next_try_at")
    ids = list(waiting.values_list("pk", flat=True)[:500])
    if ids:
        Notification.objects.filter(pk__in=ids).update(next_try_at=now)
        enqueue("notifications.deliver", ids=[str(pk) for pk in ids])
    return {"again": len(ids), "lost": closed}


def next_try(now: datetime) -> datetime | None:
    """When `retry` has something to do; what it has just sent on counts only after a while."""
    waiting = Notification.objects.filter(status__in=[Status.PENDING, Status.SENDING])
    later = waiting.filter(next_try_at__gt=now).aggregate(at=Min("next_try_at"))["at"]
    sent_on = waiting.filter(next_try_at__lte=now).exists()
    times = [later, now + LOST_AFTER if sent_on else None]
    return min((time for time in times if time), default=None)


@prepared
def _waiting(ids: Given) -> QuerySet[Notification, Any]:
    return Notification.objects.filter(any_of("pk", ids), status=Status.PENDING).values_list("pk", "channel")


@prepared
def _abandoned(ids: Given) -> QuerySet[Notification, Any]:
    taken = Notification.objects.filter(any_of("pk", ids), status=Status.SENDING, next_try_at__isnull=False)
    return taken.values_list("next_try_at")


def _deliver(pk: UUID, channel: Channel, composer: Composer, now: datetime) -> str:
    carrier = composer.carrier(channel)
    if carrier is None:
        return _settle(pk, status=Status.FAILED, error="the channel is switched off", next_try_at=None, url="")
    if carrier.adapter.hands_over:
        with transaction.atomic():
            return _send(claimed, carrier, composer, now) if (claimed := _claim(pk, now)) else SKIPPED
    return _send(claimed, carrier, composer, now) if (claimed := _claim(pk, now)) else SKIPPED


def _claim(pk: UUID, now: datetime) -> Notification | None:
    """Take the message for this worker, if it waits and its time has come."""
    waiting = Notification.objects.filter(pk=pk, status=Status.PENDING, next_try_at__lte=now)
    taken = waiting.update(status=Status.SENDING, attempts=F("attempts") + 1, next_try_at=now + LOST_AFTER)
    return Notification.objects.get(pk=pk) if taken else None


def _send(notification: Notification, carrier: Carrier, composer: Composer, now: datetime) -> str:
    try:
        notification.address = standing.address_of(notification)
    except LeftOut as left_out:
        standing.leave_out(notification.pk, left_out.reason)
        return str(Status.LEFT_OUT)
    try:
        provider_id = carrier.adapter.send(composer.message(notification), composer.organization, carrier.keys)
    except NotDelivered as refusal:
        return _refused(notification, refusal, now)
    # Where a message led may let somebody in (a charge's link): it is not kept once the message is out.
    return _settle(
        notification.pk, status=Status.SENT, sent_at=now, next_try_at=None, provider_id=provider_id[:120], error="",
        url="", address=notification.address,
    )  # fmt: skip


def _refused(notification: Notification, refusal: NotDelivered, now: datetime) -> str:
    error = str(refusal)[:300]
    logger.warning("notification_refused", channel=notification.channel, final=refusal.final, error=error)
    if refusal.final or notification.attempts >= TRIES:
        return _settle(notification.pk, status=Status.FAILED, next_try_at=None, error=error, url="")
    at = now + min(FIRST_WAIT * 2 ** (notification.attempts - 1), LONGEST_WAIT)
    with transaction.atomic():
        due.mark(RETRY, at)
        return _settle(notification.pk, status=Status.PENDING, next_try_at=at, error=error)


def _settle(pk: UUID, *, status: Status, **fields: object) -> str:
    Notification.objects.filter(pk=pk).update(status=status, **fields)
    return str(status)
