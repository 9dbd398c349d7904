"""Two clients become one, and what either said about being written to holds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.test import Client as Browser

from shared_apps.accounts.models import User
from shared_apps.organizations.models import Organization
from tenant_apps.activity.models import Activity
from tenant_apps.clients.models import Client
from tenant_apps.clients.services import create_client, merge_clients, restore_client
from tenant_apps.notifications import consents, services
from tenant_apps.notifications.models import Channel, Notification, Preference
from tenant_apps.notifications.services import Recipient, notify
from tenant_apps.team.models import Member

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def twin(inside: object) -> Client:
    return create_client(actor=None, name="Rosa L.", email="rosa@other.example")


def say(client: Client, channel: Channel, wanted: bool, by: Member | None = None) -> None:
    services.set_consent(client.pk, channel, wanted=wanted, by=by, source="member" if by else "link", now=NOW)


@pytest.mark.parametrize("channel", [Channel.EMAIL, Channel.WHATSAPP])
@pytest.mark.parametrize(
    ("hers", "theirs", "after"),
    [
        (True, False, False),
        (False, True, False),
        (False, False, False),
        (True, True, True),
        (None, False, False),
        (False, None, False),
        (None, True, True),
        (True, None, True),
    ],
)
def test_the_stricter_answer_holds(
    rosa: Client, twin: Client, channel: Channel, hers: bool | None, theirs: bool | None, after: bool
) -> None:
    for client, wanted in ((rosa, hers), (twin, theirs)):
        if wanted is not None:
            say(client, channel, wanted)
    merge_clients(rosa, twin, actor=None)
    assert services.consent_of(rosa.pk, channel) is after


def test_silence_stays_what_it_was(rosa: Client, twin: Client) -> None:
    merge_clients(rosa, twin, actor=None)
    assert not Preference.objects.exists()
    assert services.consent_of(rosa.pk, Channel.EMAIL)
    assert not services.consent_of(rosa.pk, Channel.WHATSAPP)


def test_who_said_it_and_when_go_along(rosa: Client, twin: Client, member: Member) -> None:
    say(twin, Channel.EMAIL, False, by=member)
    Preference.objects.update(at=NOW)
    merge_clients(rosa, twin, actor=None)
    kept = Preference.objects.get(recipient_id=rosa.pk)
    assert (kept.by, kept.source, kept.at) == (member, "member", NOW)
    noted = Activity.objects.filter(verb="client.consent_withdrawn", subject_id=rosa.pk).order_by("pk")
    assert [one.after["source"] for one in noted] == ["member", "merge"]


def test_brought_back_it_still_wants_no_more(rosa: Client, twin: Client) -> None:
    say(twin, Channel.EMAIL, False)
    merge_clients(rosa, twin, actor=None)
    restore_client(Client.objects.get(pk=twin.pk), actor=None)
    assert not services.consent_of(twin.pk, Channel.EMAIL)


def test_the_link_of_the_record_that_is_gone_still_says_no(
    rosa: Client, twin: Client, pages: Callable[[User | None, Organization], Browser], acme: Organization
) -> None:
    third = create_client(actor=None, name="Rosa Lima Souza")
    path = consents.path(twin.pk, Channel.EMAIL)
    merge_clients(rosa, twin, actor=None)
    merge_clients(third, Client.objects.get(pk=rosa.pk), actor=None)
    pages(None, acme).post(path, {"wanted": "no"})
    assert not services.consent_of(third.pk, Channel.EMAIL)


def test_what_was_told_today_is_not_told_again(rosa: Client, twin: Client, to_rosa: Recipient) -> None:
    def tell(to: Recipient) -> int:
        return notify("entry.due_today", subject=rosa, day=NOW.date(), to=[to], values={"amount": "1"}, now=NOW)

    assert tell(Recipient.client(twin.pk, twin.name, twin.email)) == 1
    merge_clients(rosa, twin, actor=None)
    assert Notification.objects.get().recipient_id == rosa.pk
    assert tell(to_rosa) == 0
