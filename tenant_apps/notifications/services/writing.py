"""Writing down what people are to be told. Once for each subject, event, recipient, channel and day: the database says.

However many people there are, it takes a few statements; a second run finds the rows there and adds nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from structlog import get_logger

from billing import entitlements
from billing.entitlements import Feature
from shared_apps.accounts.models import User
from shared_apps.core import bulk
from shared_apps.tenancy.jobs import due, enqueue
from tenant_apps.notifications import channels, events
from tenant_apps.notifications.events import AFTER_CONSENT
from tenant_apps.notifications.models import Channel, Notification
from tenant_apps.notifications.recipients import Kind, Recipient
from tenant_apps.notifications.services.keys import own_keys
from tenant_apps.notifications.services.wishes import Wishes
from tenant_apps.notifications.values import Value, packed

logger = get_logger(__name__)
FORGET = "notifications.forget"
KEPT = timedelta(days=180)
DELIVERIES = 50  # messages handed to one task


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to tell some people about. `url` is where it leads: a path of ours, or an absolute address."""

    event: str
    subject_type: str
    subject_id: UUID
    day: date
    to: tuple[Recipient, ...]
    values: Mapping[str, Value]
    url: str = ""


def notify(
    event: str,
    *,
    subject: Model,
    day: date,
    to: Iterable[Recipient],
    values: Mapping[str, Value],
    url: str = "",
    now: datetime | None = None,
) -> int:
    """Tell these people, each through the channels they want, at most once on this `day` (local to the organization).

    `values` fill the event's variables (`events.py`): text, or dates, times and Money, which are written in the
    reader's language. Returns how many messages are new, also those over the plan's limit. Call it in the transaction
    of what happened.
    """
    notice = Notice(event, subject._meta.label_lower, subject.pk, day, tuple(to), values, url)
    return notify_all([notice], now=now)


@transaction.atomic(savepoint=False)
def notify_all(notices: Iterable[Notice], *, now: datetime | None = None) -> int:
    """The same for many things at once, in as few statements. Raises KeyError for an event nobody knows."""
    now, notices = now or timezone.now(), list(notices)
    people = {recipient.id: recipient for notice in notices for recipient in notice.to}
    if not people:
        return 0
    wishes, languages = Wishes.of(people), _languages(people.values())
    asks_for_keys = any(channel in AFTER_CONSENT for _who, _event, channel in wishes.said)
    ready = channels.ready(own_keys() if asks_for_keys else {})
    if Channel.WHATSAPP in ready and not entitlements.allows(entitlements.here(), Feature.WHATSAPP):
        ready = ready - {Channel.WHATSAPP}
    rows: list[Notification] = []
    for notice in notices:
        event, values = events.event(notice.event), packed(notice.values)
        for recipient in dict.fromkeys(notice.to):
            for channel in wishes.channels_for(event, recipient):
                address = recipient.address_for(channel)
                if address and channel in ready:
                    rows.append(_row(notice, recipient, channel, address, values, languages, now))
    new = bulk.insert_new(rows)
    if new:
        due.mark(FORGET, now + KEPT)
    told = _within_plan([row.pk for row in rows if row.pk in new and row.channel != Channel.APP])
    for start in range(0, len(told), DELIVERIES):
        enqueue("notifications.deliver", ids=[str(pk) for pk in told[start : start + DELIVERIES]])
    return len(new)


def _within_plan(told: list[UUID]) -> list[UUID]:
    """Those that the plan has room for this month. The others stay as rows that say so; owners are warned before."""
    fitting = entitlements.fits(entitlements.here(), Feature.NOTIFICATIONS, len(told)) if told else 0
    if over := told[fitting:]:
        Notification.objects.filter(pk__in=over).update(status=Notification.Status.OVER, next_try_at=None, url="")
        logger.warning("notifications_over_plan", left_out=len(over))
    return told[:fitting]


def forget(*, now: datetime) -> int:
    """Remove what is so old that nobody looks for it; how many."""
    return Notification.objects.filter(created_at__lte=now - KEPT).delete()[0]


def next_forgetting() -> datetime | None:
    # Keys are UUIDv7: the first one is the oldest, found without an index of its own.
    first = Notification.objects.order_by("pk").values_list("created_at", flat=True).first()
    return first + KEPT if first else None


def _row(
    notice: Notice,
    recipient: Recipient,
    channel: Channel,
    address: str,
    values: dict[str, object],
    languages: Mapping[UUID | None, str],
    now: datetime,
) -> Notification:
    in_app = channel == Channel.APP
    return Notification(
        event=notice.event,
        subject_type=notice.subject_type,
        subject_id=notice.subject_id,
        recipient_type=recipient.kind,
        recipient_id=recipient.id,
        channel=channel,
        day=notice.day,
        address="" if in_app else address[:254],
        locale=recipient.locale or languages.get(recipient.user_id, ""),
        values={**values, "name": recipient.name[:160]},
        url=notice.url[:300],
        status=Notification.Status.SENT if in_app else Notification.Status.PENDING,
        next_try_at=None if in_app else now,
        created_at=now,
        sent_at=now if in_app else None,
    )


def _languages(people: Iterable[Recipient]) -> dict[UUID | None, str]:
    """The language of each member, as they chose it for themselves."""
    users = [person.user_id for person in people if person.kind == Kind.MEMBER and person.user_id]
    return dict(User.objects.filter(pk__in=users).values_list("pk", "locale")) if users else {}
