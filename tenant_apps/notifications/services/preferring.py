"""What members and clients say about being told. A client's word is consent: kept with who, when and whence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from tenant_apps.activity.models import Activity
from tenant_apps.notifications.events import AFTER_CONSENT, CLIENT_CHANNELS, EVENTS, MEMBER_CHANNELS
from tenant_apps.notifications.models import Channel, Preference
from tenant_apps.notifications.recipients import Kind
from tenant_apps.notifications.services.wishes import Wishes
from tenant_apps.team.models import Member

CLIENT = "clients.client"
LINK, BY_HAND = "link", "member"


@transaction.atomic
def set_consent(
    client_id: UUID, channel: Channel, *, wanted: bool, by: Member | None, source: str, now: datetime
) -> Preference:
    """A client may, or may not, be written to through a channel; `by`: the member who entered it. Again: no change."""
    found, made = Preference.objects.select_for_update().get_or_create(
        recipient_id=client_id,
        event="",
        channel=channel,
        defaults={"recipient_type": Kind.CLIENT, "wanted": wanted, "by": by, "source": source},
    )
    if not made and found.wanted == wanted:
        return found
    found.wanted, found.by, found.source, found.at = wanted, by, source, now
    found.save()
    Activity.objects.create(
        actor=by,
        verb="client.consent_given" if wanted else "client.consent_withdrawn",
        subject_type=CLIENT,
        subject_id=client_id,
        after={"channel": str(channel), "source": source},
    )
    return found


def consent_of(client_id: UUID, channel: Channel) -> bool:
    """Whether a client may be written to: e-mail until they say no, the rest once they have said yes."""
    said = Preference.objects.filter(recipient_id=client_id, event="", channel=channel)
    wanted = said.values_list("wanted", flat=True).first()
    return channel not in AFTER_CONSENT if wanted is None else wanted


@transaction.atomic
def set_preferences(member: Member, wanted: Mapping[tuple[str, Channel], bool]) -> int:
    """What a member wants to be told of and how: (event, channel) -> yes or no. Returns how many answers changed.

    Raises KeyError for an event or channel that is not a member's to choose.
    """
    wishes, rows = Wishes.of([member.pk]), []
    for (key, channel), answer in wanted.items():
        event = EVENTS[key]
        if channel not in MEMBER_CHANNELS or not event.members:
            raise KeyError(key)
        if wishes.wants(event, Kind.MEMBER, member.pk, channel) != answer:
            rows.append(
                Preference(
                    recipient_type=Kind.MEMBER, recipient_id=member.pk, event=key, channel=channel, wanted=answer,
                    by=member, source=BY_HAND,
                )
            )  # fmt: skip
    Preference.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["recipient_id", "event", "channel"],
        update_fields=["wanted", "by", "source", "at"],
    )
    return len(rows)


def wanted_by(member: Member) -> dict[tuple[str, Channel], bool]:
    """What a member is told of now: every (event, channel) that is theirs to choose."""
    wishes = Wishes.of([member.pk])
    return {
        (event.key, channel): wishes.wants(event, Kind.MEMBER, member.pk, channel)
        for event in EVENTS.values()
        if event.members
        for channel in MEMBER_CHANNELS
    }


@dataclass(frozen=True, slots=True)
class Consent:
    """Whether a client may be written to through a channel, and what they said, if they did."""

    channel: Channel
    wanted: bool
    said: Preference | None


def consents_of(client_id: UUID) -> list[Consent]:
    found = Preference.objects.filter(recipient_id=client_id, event="").select_related("by")
    said = {row.channel: row for row in found}
    return [
        Consent(channel, row.wanted if (row := said.get(channel)) else channel not in AFTER_CONSENT, said.get(channel))
        for channel in CLIENT_CHANNELS
    ]
