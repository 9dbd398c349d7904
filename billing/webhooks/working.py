"""Working off: one worker at a time on one subject, any number of subjects at once.

An event only says that something may have changed. So all that wait for one subscription are answered by fetching its
truth once, after the last of them came; "done" is written in the transaction in which that truth is.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from structlog import get_logger

from billing import clock
from billing.subscriptions.models import Subscription
from billing.subscriptions.sync import sync
from billing.webhooks import alerts, subjects
from billing.webhooks.models import WebhookEvent
from shared_apps.tenancy import context, locks
from shared_apps.tenancy.jobs import enqueue
from shared_apps.tenancy.jobs.schedule import backoff

logger = get_logger(__name__)
State = WebhookEvent.State
LEASE = timedelta(minutes=10)  # a worker that took longer is dead
TRIES = 12
PARKED = 6  # tries, about ten minutes, for what the gateway itself does not know yet; then it is nobody's
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=20), timedelta(hours=2)
BATCH = 500


class TakenOver(Exception):
    """Another worker thought this one dead; what it wrote is rolled back."""


def work(gateway: str, subject: str) -> int:
    """Work off what waits for a subject, oldest first, until nothing is due; how many events that were."""
    done = 0
    clock.forget()  # a sandbox may tell of what its clock, moved this moment, made happen
    with context.public():
        while events := _claim(gateway, subject, now=timezone.now()):
            _work_on(events)
            done += len(events)
    return done


def sweep(now: datetime) -> int:
    """Ring again for events that are due: lost workers, lost messages, failures whose time has come."""
    with context.public():
        due = WebhookEvent.objects.filter(
            Q(state=State.PENDING, received_at__lte=now - timedelta(minutes=1))
            | Q(state=State.FAILED, next_try_at__lte=now)
            | Q(state=State.WORKING, claimed_at__lte=now - LEASE)
        )
        found = list(due.order_by().values_list("gateway", "subject").distinct()[:2000])
        for gateway, subject in found:
            enqueue("webhooks.work", gateway=gateway, subject=subject)
    return len(found)


def _claim(gateway: str, subject: str, *, now: datetime) -> list[WebhookEvent]:
    """Take all that is due for the subject, unless somebody is at it."""
    of_subject = WebhookEvent.objects.filter(gateway=gateway, subject=subject)
    if not of_subject.filter(_due(now)).exists():
        return []
    with transaction.atomic():
        locks.take(f"webhooks:{gateway}:{subject}")
        if of_subject.filter(state=State.WORKING, claimed_at__gt=now - LEASE).exists():
            return []
        events = list(of_subject.filter(_due(now)).order_by("received_at", "id")[:BATCH])
        WebhookEvent.objects.filter(pk__in=[one.pk for one in events]).update(
            state=State.WORKING, claimed_at=now, attempts=F("attempts") + 1
        )
    for one in events:
        one.claimed_at, one.attempts = now, one.attempts + 1
    return events


def _due(now: datetime) -> Q:
    return (
        Q(state=State.PENDING)
        | Q(state=State.FAILED, next_try_at__lte=now)
        | Q(state=State.WORKING, claimed_at__lte=now - LEASE)
    )


def _work_on(events: list[WebhookEvent]) -> None:
    """Find out whose they are, and fetch each truth once. One that fails holds none of the others up."""
    meant: dict[UUID, tuple[Subscription, list[WebhookEvent]]] = {}
    for event in events:
        try:
            found = subjects.find(event)
        except subjects.NotThereYet as error:
            if event.attempts < PARKED:
                _failed([event], error)
                continue
            found = None
        except Exception as error:  # noqa: BLE001 - whatever goes wrong with one event must not stop the next
            _failed([event], error)
            continue
        if found is None:
            _mark([event], State.IGNORED, effect="not ours")
        else:
            meant.setdefault(found.pk, (found, []))[1].append(event)
    for subscription, about in meant.values():
        cause = f"{about[0].gateway} {about[0].event_id}"
        try:
            synced = sync(subscription.pk, cause=cause, also=partial(_done, about, subscription))
            _look_for_doubles(synced, about)
        except TakenOver:
            logger.warning("webhook_taken_over", events=[str(one.pk) for one in about])
        except Exception as error:  # noqa: BLE001 - see above
            _failed(about, error)


def _look_for_doubles(subscription: Subscription, events: list[WebhookEvent]) -> None:
    """An event of another subscription at the gateway that bears our reference: bought twice, or long over there."""
    if any(one.subscription_ref not in ("", subscription.external_id) for one in events):
        enqueue("webhooks.end_doubles", subscription_id=subscription.pk)


def _done(events: list[WebhookEvent], subscription: Subscription) -> None:
    """Runs in the transaction of the effect: both are there, or neither is."""
    status = Subscription.objects.values_list("status", flat=True).get(pk=subscription.pk)
    marked = _mark(events, State.DONE, effect=f"subscription {status}", organization_id=subscription.organization_id)
    if marked < len(events):
        raise TakenOver


def _mark(events: Iterable[WebhookEvent], state: State, **changes: object) -> int:
    """Only what this worker still holds."""
    ours = Q()
    for one in events:
        ours |= Q(pk=one.pk, claimed_at=one.claimed_at)
    held = WebhookEvent.objects.filter(ours, state=State.WORKING)
    return held.update(state=state, done_at=timezone.now(), error="", next_try_at=None, **changes)


def _failed(events: list[WebhookEvent], error: Exception) -> None:
    """Try again later, or give up and say so."""
    now, said = timezone.now(), f"{type(error).__name__}: {error}"[:2000].replace("\x00", "")
    for event in events:
        is_last = event.attempts >= TRIES
        wait = backoff(event.attempts, first=FIRST_WAIT, longest=LONGEST_WAIT)
        held = WebhookEvent.objects.filter(pk=event.pk, claimed_at=event.claimed_at, state=State.WORKING)
        with transaction.atomic():
            if held.update(
                state=State.DEAD if is_last else State.FAILED,
                error=said,
                next_try_at=None if is_last else now + wait,
            ):
                if is_last:
                    alerts.dead_letter(event, said)
                else:
                    logger.warning("webhook_failed", event_id=event.event_id, attempt=event.attempts, error=said[:200])
