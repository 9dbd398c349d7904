"""Two clients become one: what either said about being written to holds, and of two answers the stricter one."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef

from tenant_apps.activity.models import Activity
from tenant_apps.notifications.events import CLIENT_CHANNELS
from tenant_apps.notifications.models import Notification, Preference
from tenant_apps.notifications.recipients import Kind
from tenant_apps.notifications.services.preferring import CLIENT, consent_of
from tenant_apps.team.models import Member

MERGED = "merge"


@transaction.atomic
def merge_recipients(survivor: UUID, other: UUID, *, actor: Member | None) -> None:
    """`survivor` takes over what `other` was told and what it said, with who entered it and when.

    A no of either stays a no. Silence is no answer: where only one of them has spoken, that counts. `other` keeps its
    own answers too, for the case that it is brought back.
    """
    before = {channel: consent_of(survivor, channel) for channel in CLIENT_CHANNELS}
    both = Preference.objects.filter(recipient_id__in=[survivor, other]).order_by("pk").select_for_update()
    said = {(row.recipient_id, row.event, row.channel): row for row in both}
    for (who, event, channel), row in said.items():
        if who != other:
            continue
        own = said.get((survivor, event, channel))
        if own is not None and (row.wanted or not own.wanted):
            continue  # the survivor's own answer is as strict
        kept = own or Preference(recipient_type=Kind.CLIENT, recipient_id=survivor, event=event, channel=channel)
        kept.wanted, kept.by_id, kept.source = row.wanted, row.by_id, row.source
        kept.save()
        Preference.objects.filter(pk=kept.pk).update(at=row.at)  # when it was said, not when the two became one
    for channel, was in before.items():
        wanted = consent_of(survivor, channel)
        if wanted != was:
            Activity.objects.create(
                actor=actor,
                verb="client.consent_given" if wanted else "client.consent_withdrawn",
                subject_type=CLIENT,
                subject_id=survivor,
                after={"channel": str(channel), "source": MERGED},
            )
    _move_told(survivor, other)


def _move_told(survivor: UUID, other: UUID) -> None:
    """So that what one of them was told today is not told to the survivor again."""
    same = Notification.objects.filter(recipient_id=survivor).filter(
        subject_id=OuterRef("subject_id"), event=OuterRef("event"), channel=OuterRef("channel"), day=OuterRef("day")
    )
    theirs = Notification.objects.filter(recipient_type=Kind.CLIENT, recipient_id=other)
    theirs.exclude(Exists(same)).update(recipient_id=survivor)
