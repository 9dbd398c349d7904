"""From the row to the reader."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from django.core import mail as outbox
from django.utils import timezone

from shared_apps.mail.models import Mail
from shared_apps.mail.rendering import render
from shared_apps.mail.services import deliver as deliver_mail
from shared_apps.tenancy.models import DueWork
from tenant_apps.clients.models import Client
from tenant_apps.notifications import services
from tenant_apps.notifications.models import Channel, Notification
from tenant_apps.notifications.services import Money, Recipient
from tenant_apps.notifications.services.delivering import LOST_AFTER
from tenant_apps.team.models import Member

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
VALUES = {
    "client_name": "Rosa",
    "description": "Pool <b>cleaning</b>",
    "amount": Money(Decimal("1234.50")),
    "due_date": date(2026, 3, 5),
}


def told(rosa: Client, to: Recipient, url: str = "") -> Notification:
    services.notify("entry.due_soon", subject=rosa, day=NOW.date(), to=[to], values=VALUES, url=url, now=NOW)
    return Notification.objects.get()


def test_an_e_mail_in_the_reader_s_language(rosa: Client) -> None:
    row = told(rosa, Recipient.client(rosa.pk, "Rosa", "rosa@client.example", locale="pt-br"), "/pay/x/")
    assert services.deliver([row.pk], now=NOW) == {"sent": 1}
    mail = Mail.objects.get()
    written = render(mail.template, locale=mail.locale, context={**mail.context, "sender_name": mail.sender_name})
    assert written.subject == "R$ 1.234,50 com vencimento em 05/03/2026"
    assert "05/03/2026" in written.text
    assert "Pool &lt;b&gt;cleaning&lt;/b&gt;" in written.html
    assert re.search(r"^https?://acme\.localhost.*/pay/x/$", written.text, re.MULTILINE)
    assert "/notifications/consent/" in written.html


def test_a_client_s_mail_program_can_say_no(rosa: Client, to_rosa: Recipient, member: Member) -> None:
    row = told(rosa, to_rosa)
    services.deliver([row.pk], now=NOW)
    services.notify("entry.overdue_1", subject=rosa, day=NOW.date(), to=[Recipient.member(member)], values=VALUES)
    services.set_preferences(member, {("entry.overdue_3", Channel.EMAIL): True})
    services.notify("entry.overdue_3", subject=rosa, day=NOW.date(), to=[Recipient.member(member)], values=VALUES)
    services.deliver(Notification.objects.filter(channel="email").values_list("pk", flat=True), now=timezone.now())
    for mail in Mail.objects.all():
        deliver_mail(mail.pk, now=timezone.now())
    to_client, to_member = sorted(outbox.outbox, key=lambda one: one.to != [rosa.email])
    address = to_client.extra_headers["List-Unsubscribe"]
    assert re.fullmatch(r"<https?://acme\.localhost[^/]*/notifications/unsubscribe/[^/]+/>", address)
    assert to_client.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "List-Unsubscribe" not in to_member.extra_headers
    assert not any(mail.context for mail in Mail.objects.all())


def test_delivering_again_sends_nothing(rosa: Client, to_rosa: Recipient) -> None:
    row = told(rosa, to_rosa, "/pay/secret/")
    services.deliver([row.pk], now=NOW)
    assert services.deliver([row.pk], now=NOW) == {"skipped": 1}
    assert Mail.objects.count() == 1
    row.refresh_from_db()
    assert (row.status, row.url, row.attempts) == ("sent", "", 1)  # the link lets somebody in: it is not kept


def test_an_address_that_is_none_fails_once_and_for_all(rosa: Client, to_rosa: Recipient) -> None:
    row = told(rosa, to_rosa)
    Client.objects.update(email="not an address")
    assert services.deliver([row.pk], now=NOW) == {"failed": 1}
    row.refresh_from_db()
    assert row.error == "this is no e-mail address"


def test_what_a_dead_worker_left_is_not_sent_again(rosa: Client, to_rosa: Recipient) -> None:
    row = told(rosa, to_rosa)
    Notification.objects.update(status="sending", next_try_at=NOW + LOST_AFTER)
    assert services.deliver([row.pk], now=NOW) == {"skipped": 1}
    assert DueWork.objects.get(job="notifications.retry").due_at == NOW + LOST_AFTER
    assert services.retry(now=NOW + LOST_AFTER) == {"again": 0, "lost": 1}
    assert not Mail.objects.exists()


def test_what_waits_is_sent_on_by_the_retry(rosa: Client, to_rosa: Recipient) -> None:
    told(rosa, to_rosa)
    later = NOW + timedelta(minutes=5)
    assert services.next_try(NOW - timedelta(minutes=1)) == NOW
    assert services.retry(now=later) == {"again": 1, "lost": 0}
    assert services.next_try(later) == later + LOST_AFTER


def test_an_event_this_code_does_not_know_fails_alone(rosa: Client, to_rosa: Recipient) -> None:
    row = told(rosa, to_rosa)
    Notification.objects.update(event="entry.of_a_later_version")
    assert services.deliver([row.pk], now=NOW) == {"failed": 1}
