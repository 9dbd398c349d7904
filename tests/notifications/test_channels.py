"""WhatsApp and SMS against a provider that speaks HTTP, as its documentation says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

import pytest

from shared_apps.tenancy.models import DueWork
from tenant_apps.clients.models import Client
from tenant_apps.notifications import services
from tenant_apps.notifications.models import Channel, Notification, Template
from tenant_apps.notifications.services import Recipient
from tests.notifications.provider import Provider, provider

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def meta(settings: Any) -> Iterator[Provider]:
    with provider() as known:
        settings.WHATSAPP_API_URL, settings.WHATSAPP_TOKEN, settings.WHATSAPP_PHONE_ID = known.address, "key", "77"
        yield known


def told(rosa: Client, to: Recipient, channel: Channel) -> Notification:
    services.set_consent(rosa.pk, channel, wanted=True, by=None, source="member", now=NOW)
    services.set_consent(rosa.pk, Channel.EMAIL, wanted=False, by=None, source="link", now=NOW)
    values = {"client_name": "Rosa", "date": NOW.date(), "time": NOW.time()}
    services.notify("appointment.reminder", subject=rosa, day=NOW.date(), to=[to], values=values, now=NOW)
    return Notification.objects.get()


def test_whatsapp_fills_the_approved_template(rosa: Client, to_rosa: Recipient, meta: Provider) -> None:
    Template.objects.create(
        event="appointment.reminder", channel="whatsapp", locale="en", body="x", provider_name="visit_tomorrow"
    )
    row, meta.answer = told(rosa, to_rosa, Channel.WHATSAPP), {"messages": [{"id": "wamid.1"}]}
    assert services.deliver([row.pk], now=NOW) == {"sent": 1}
    ((path, body),) = meta.taken
    sent = json.loads(body)
    assert (path, sent["to"], sent["template"]["name"]) == ("/77/messages", "5511987654321", "visit_tomorrow")
    assert [one["text"] for one in sent["template"]["components"][0]["parameters"]][:2] == ["Rosa", "Mar 2, 2026"]
    row.refresh_from_db()
    assert (row.status, row.provider_id) == ("sent", "wamid.1")


def test_whatsapp_without_an_approved_template_sends_nothing(rosa: Client, to_rosa: Recipient, meta: Provider) -> None:
    row = told(rosa, to_rosa, Channel.WHATSAPP)
    assert services.deliver([row.pk], now=NOW) == {"failed": 1}
    assert meta.taken == []


def test_sms(rosa: Client, to_rosa: Recipient, twilio: Provider) -> None:
    row, twilio.answer = told(rosa, to_rosa, Channel.SMS), {"sid": "SM1"}
    assert services.deliver([row.pk], now=NOW) == {"sent": 1}
    ((path, body),) = twilio.taken
    assert path == "/2010-04-01/Accounts/AC1/Messages.json"
    assert parse_qs(body)["To"] == ["+5511987654321"]
    assert "Acme Piscinas: we come by tomorrow" in parse_qs(body)["Body"][0]


@pytest.mark.parametrize(("status", "becomes"), [(400, "failed"), (401, "failed"), (429, "pending"), (503, "pending")])
def test_what_a_refusal_means(status: int, becomes: str, rosa: Client, to_rosa: Recipient, twilio: Provider) -> None:
    row = told(rosa, to_rosa, Channel.SMS)
    twilio.status, twilio.answer = status, {"message": "no"}
    assert services.deliver([row.pk], now=NOW) == {becomes: 1}
    marked = DueWork.objects.filter(job=services.RETRY).exists()
    assert marked == (becomes == "pending")


def test_tries_again_and_gives_up(rosa: Client, to_rosa: Recipient, twilio: Provider) -> None:
    row, now = told(rosa, to_rosa, Channel.SMS), NOW
    twilio.status = 503
    for _ in range(12):
        services.deliver([row.pk], now=now)
        now += timedelta(hours=4)
    row.refresh_from_db()
    assert (row.status, len(twilio.taken)) == ("failed", 8)


def test_a_provider_that_is_not_reached_costs_time_only(
    rosa: Client, to_rosa: Recipient, twilio: Provider, settings: Any
) -> None:
    row = told(rosa, to_rosa, Channel.SMS)
    settings.TWILIO_API_URL = "http://127.0.0.1:9"
    assert services.deliver([row.pk], now=NOW) == {"pending": 1}


def test_the_console_stands_in_where_there_are_no_keys(rosa: Client, to_rosa: Recipient, settings: Any) -> None:
    settings.NOTIFICATIONS_CONSOLE = True
    row = told(rosa, to_rosa, Channel.SMS)
    assert services.deliver([row.pk], now=NOW) == {"sent": 1}
