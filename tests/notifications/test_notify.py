"""Writing down what people are told: who, through what, and only once."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shared_apps.accounts.models import User
from shared_apps.tenancy.models import PendingJob
from tenant_apps.clients.models import Client
from tenant_apps.notifications import services
from tenant_apps.notifications.models import Channel, Notification, Preference
from tenant_apps.notifications.services import Money, Notice, Recipient, notify, notify_all
from tenant_apps.team.models import Member

TODAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


def tell(client: Client, *to: Recipient, event: str = "appointment.reminder", day: date = TODAY) -> int:
    return notify(event, subject=client, day=day, to=to, values={"client_name": client.name, "time": "09:00"}, now=NOW)


def told() -> set[tuple[str, str]]:
    return set(Notification.objects.values_list("recipient_type", "channel"))


def test_members_hear_in_the_app_and_clients_by_e_mail(rosa: Client, to_rosa: Recipient, member: Member) -> None:
    assert tell(rosa, to_rosa, Recipient.member(member)) == 2
    assert told() == {("client", "email"), ("member", "app")}


def test_once_for_each_subject_event_channel_and_day(rosa: Client, to_rosa: Recipient) -> None:
    assert tell(rosa, to_rosa) == 1
    assert tell(rosa, to_rosa, to_rosa) == 0
    assert tell(rosa, to_rosa, day=TODAY + timedelta(days=1)) == 1
    assert tell(rosa, to_rosa, event="appointment.changed") == 1
    assert PendingJob.objects.filter(name="notifications.deliver").count() == 3


def test_nobody_without_an_address_is_written_to(rosa: Client) -> None:
    assert tell(rosa, Recipient.client(rosa.pk, rosa.name)) == 0


def test_what_a_member_does_not_want_is_not_said(rosa: Client, member: Member) -> None:
    services.set_preferences(member, {("appointment.reminder", Channel.APP): False})
    assert tell(rosa, Recipient.member(member)) == 0
    services.set_preferences(member, {("appointment.reminder", Channel.EMAIL): True})
    assert tell(rosa, Recipient.member(member)) == 1
    assert Notification.objects.get().channel == Channel.EMAIL


def test_a_member_s_messages_are_in_their_language(rosa: Client, member: Member, bob: User) -> None:
    User.objects.filter(pk=bob.pk).update(locale="pt-br")
    tell(rosa, Recipient.member(member))
    assert Notification.objects.get().locale == "pt-br"


def test_clients_say_no_to_a_channel_for_all_events(rosa: Client, to_rosa: Recipient) -> None:
    services.set_consent(rosa.pk, Channel.EMAIL, wanted=False, by=None, source="link", now=NOW)
    assert tell(rosa, to_rosa) == 0


def test_whatsapp_needs_consent_and_keys(rosa: Client, to_rosa: Recipient, settings: object) -> None:
    settings.NOTIFICATIONS_CONSOLE = False  # type: ignore[attr-defined]
    services.set_consent(rosa.pk, Channel.WHATSAPP, wanted=True, by=None, source="member", now=NOW)
    tell(rosa, to_rosa)
    assert told() == {("client", "email")}


def test_many_people_take_few_statements(rosa: Client) -> None:
    people = [Recipient.client(uuid4(), f"C{number}", f"c{number}@clients.example") for number in range(120)]
    notices = [
        Notice("entry.due_today", "finance.entry", uuid4(), TODAY, (one,), {"amount": Money(Decimal("10.50"))})
        for one in people
    ]
    notify_all(notices[:1], now=NOW)
    with CaptureQueriesContext(connection) as queries:
        assert notify_all(notices, now=NOW) == 119
    # Three of them promises of 50 deliveries each, one the route by which the plan is asked.
    assert len(queries) <= 13, [one["sql"][:80] for one in queries]


def test_an_unknown_event_says_what_there_is(rosa: Client, to_rosa: Recipient) -> None:
    with pytest.raises(KeyError, match=r"appointment\.created"):
        tell(rosa, to_rosa, event="appointment.crated")


def test_consent_is_kept_with_who_when_and_whence(rosa: Client, member: Member) -> None:
    services.set_consent(rosa.pk, Channel.SMS, wanted=True, by=member, source="member", now=NOW)
    found = Preference.objects.get()
    assert (found.wanted, found.by, found.source) == (True, member, "member")
