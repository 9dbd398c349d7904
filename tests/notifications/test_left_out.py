"""Between queueing and sending people say no, leave, are put away: what waits for them then does not go out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail as outbox
from django.test import Client as Browser
from django.utils import timezone

from shared_apps.mail import services as mails
from shared_apps.mail.models import Mail
from shared_apps.organizations.models import Organization
from shared_apps.tenancy import context
from tenant_apps.clients.models import Client
from tenant_apps.clients.services import archive_client, create_client, update_client
from tenant_apps.notifications import figures, services
from tenant_apps.notifications.models import Channel, Notification
from tenant_apps.notifications.services import Recipient
from tenant_apps.team.models import Member
from tests.notifications.provider import Provider

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
VALUES = {"client_name": "Rosa", "date": NOW.date(), "time": NOW.time()}


def say(client: Client, channel: Channel, wanted: bool) -> None:
    services.set_consent(client.pk, channel, wanted=wanted, by=None, source="link", now=NOW)


def told(rosa: Client, to: Recipient, channel: Channel = Channel.EMAIL) -> Notification:
    if channel != Channel.EMAIL:
        say(rosa, channel, True)
    services.notify("appointment.changed", subject=rosa, day=NOW.date(), to=[to], values=VALUES, now=NOW)
    return Notification.objects.get(channel=channel)


def says_no(rosa: Client) -> None:
    say(rosa, Channel.EMAIL, False)
    say(rosa, Channel.SMS, False)


def is_archived(rosa: Client) -> None:
    archive_client(rosa, actor=None)


def is_gone(rosa: Client) -> None:
    rosa.delete()


def has_no_address(rosa: Client) -> None:
    update_client(rosa, actor=None, email="", phone="")


AWAY = [(says_no, "opted_out"), (is_archived, "gone"), (is_gone, "gone"), (has_no_address, "no_address")]


@pytest.mark.parametrize("channel", [Channel.EMAIL, Channel.SMS])
@pytest.mark.parametrize(("happens", "why"), AWAY)
def test_what_waits_is_left_out(
    rosa: Client, to_rosa: Recipient, twilio: Provider, happens: Callable[[Client], None], why: str, channel: Channel
) -> None:
    row = told(rosa, to_rosa, channel)
    happens(rosa)
    assert services.deliver([row.pk], now=NOW) == {"left": 1}
    row.refresh_from_db()
    assert (row.error, row.sent_at, row.next_try_at, row.url) == (why, None, None, "")
    assert (twilio.taken, Mail.objects.count()) == ([], 0)
    assert services.deliver([row.pk], now=NOW) == {"skipped": 1}


def test_also_after_a_back_off(rosa: Client, to_rosa: Recipient, twilio: Provider) -> None:
    row, twilio.status = told(rosa, to_rosa, Channel.SMS), 503
    assert services.deliver([row.pk], now=NOW) == {"pending": 1}
    says_no(rosa)
    twilio.status, later = 200, NOW + timedelta(minutes=5)
    assert services.retry(now=later)["again"] == 2  # the e-mail too
    assert services.deliver([row.pk], now=later) == {"left": 1}
    assert len(twilio.taken) == 1


@pytest.mark.parametrize(("happens", "why"), AWAY)
def test_a_mail_that_the_server_put_off_is_left_out_too(
    acme: Organization, rosa: Client, to_rosa: Recipient, settings: Any, happens: Callable[[Client], None], why: str
) -> None:
    row = told(rosa, to_rosa)
    services.deliver([row.pk], now=NOW)
    mail, now = Mail.objects.get(), timezone.now() + timedelta(seconds=5)
    backend, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # nobody listens there
    with context.public():
        assert not mails.deliver(mail.pk, now=now)
    happens(rosa)
    settings.EMAIL_BACKEND, later = backend, now + timedelta(minutes=2)
    with context.public():
        assert not mails.deliver(mail.pk, now=later)
        assert mails.due(later + timedelta(days=1)) == []
    mail.refresh_from_db()
    row.refresh_from_db()
    assert (mail.status, mail.error, mail.context) == ("dropped", why, {})
    assert (row.status, row.error, row.sent_at) == ("left", why, None)
    assert outbox.outbox == []


def test_who_has_another_address_by_now_is_written_to_there(rosa: Client, to_rosa: Recipient) -> None:
    row = told(rosa, to_rosa)
    update_client(rosa, actor=None, email="rosa@new.example")
    services.deliver([row.pk], now=NOW)
    row.refresh_from_db()
    assert (row.address, Mail.objects.get().to) == ("rosa@new.example",) * 2
    update_client(Client.objects.get(), actor=None, email="rosa@newest.example")
    with context.public():
        assert mails.deliver(Mail.objects.get().pk, now=timezone.now() + timedelta(seconds=5))
    assert [one.to for one in outbox.outbox] == [["rosa@newest.example"]]


@pytest.mark.parametrize("leaves", [False, True])
def test_a_member_who_switched_it_off_or_left(rosa: Client, member: Member, leaves: bool) -> None:
    row = told(rosa, Recipient.member(member))
    if leaves:
        Member.objects.filter(pk=member.pk).update(is_active=False)
    else:
        services.set_preferences(member, {("appointment.changed", Channel.EMAIL): False})
    assert services.deliver([row.pk], now=NOW) == {"left": 1}
    row.refresh_from_db()
    assert row.error == ("gone" if leaves else "opted_out")


def test_why_is_said_where_messages_are_listed(rosa: Client, to_rosa: Recipient, alices: Browser) -> None:
    row = told(rosa, to_rosa)
    Notification.objects.update(created_at=timezone.now())
    says_no(rosa)
    services.deliver([row.pk], now=NOW)
    for page in ("/settings/notifications/", f"/clients/{rosa.pk}/messages/"):
        shown = alices.get(page).content.decode()
        assert "left out" in shown
        assert "opted out" in shown
    assert figures.in_month(rosa.pk, timezone.now()) == 0  # what was not sent costs nothing


def test_a_mail_asks_in_its_own_organization_alone(
    acme: Organization, globex: Organization, rosa: Client, to_rosa: Recipient
) -> None:
    """Whatever a mail says that it carries: another's message is neither read for its address nor marked."""
    services.deliver([told(rosa, to_rosa).pk], now=NOW)
    mail = Mail.objects.get()
    with context.enter(globex.schema_name):
        theirs = create_client(actor=None, name="Otto", email="otto@globex.example")
        row = told(theirs, Recipient.client(theirs.pk, theirs.name, theirs.email, theirs.phone))
        before = Notification.objects.values().get(pk=row.pk)
    mail.context |= {"notification": str(row.pk)}
    mail.save()
    with context.public():
        assert not mails.deliver(mail.pk, now=timezone.now() + timedelta(seconds=5))
    mail.refresh_from_db()
    assert (mail.status, mail.to) == ("dropped", rosa.email)
    assert outbox.outbox == []
    with context.enter(globex.schema_name):
        assert Notification.objects.values().get(pk=row.pk) == before
