"""A member's private address for other calendars. Whoever has it sees that member's visits, so only a hash is kept."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from shared_apps.core import tokens
from shared_apps.core.tokens import hash_of
from tenant_apps.activity import services as activity
from tenant_apps.scheduling import queries
from tenant_apps.scheduling.models import Appointment, Booking, CalendarFeed
from tenant_apps.team.models import Member

SELDOM = timedelta(hours=1)  # reading is noted no more often: calendars come every few minutes
BACK, AHEAD = timedelta(days=60), timedelta(days=400)
MOST = 3000


@transaction.atomic
def renew_feed(member: Member) -> str:
    """A new address for this member; the old one is no more. Returns its token, which nobody can tell again."""
    token = tokens.new()
    feed, _is_new = CalendarFeed.objects.update_or_create(
        member=member, defaults={"token_hash": hash_of(token), "read_at": None}
    )
    activity.record(member, "calendar.feed_renewed", feed)
    return token


@transaction.atomic
def revoke_feed(member: Member) -> None:
    """Nobody reads it any more; without a feed it is no error."""
    feed = CalendarFeed.objects.filter(member=member).first()
    if feed is not None:
        activity.record(member, "calendar.feed_revoked", feed)
        feed.delete()


def owner_of(token: str, *, now: datetime) -> Member | None:
    """The member whose feed this is, while they work here; that it was read is noted."""
    if not 20 <= len(token) <= 100:
        return None
    feed = CalendarFeed.objects.filter(token_hash=hash_of(token), member__is_active=True).select_related("member")
    found = feed.first()
    if found is None:
        return None
    if found.read_at is None or found.read_at <= now - SELDOM:
        CalendarFeed.objects.filter(pk=found.pk).update(read_at=now)
    return found.member


def visits_of(member: Member, *, now: datetime) -> list[Appointment]:
    """The member's visits around now, the cancelled ones too: other calendars must take those away."""
    mine = Booking.objects.filter(member=member, starts_at__lt=now + AHEAD, ends_at__gt=now - BACK)
    found = Appointment.objects.filter(pk__in=mine.values("appointment"))
    return list(queries.with_everything(found).order_by("starts_at", "pk")[:MOST])
