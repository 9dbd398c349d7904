"""kill -9 in the middle of telling people, then a second run: each is told once. A real process, a real signal."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from django.db import connection

from shared_apps.organizations.models import Organization
from shared_apps.tenancy import context
from tenant_apps.clients.services import create_client
from tenant_apps.notifications import services
from tenant_apps.notifications.models import Channel, Notification
from tenant_apps.notifications.services import Recipient
from tenant_apps.notifications.services.delivering import LOST_AFTER
from tests.notifications.provider import provider

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
DELIVER = """
import sys, django; django.setup()
from datetime import datetime
from uuid import UUID
from shared_apps.tenancy import context
from tenant_apps.notifications import services
with context.enter(sys.argv[1]):
    services.deliver([UUID(pk) for pk in sys.argv[3:]], now=datetime.fromisoformat(sys.argv[2]))
"""


def tell(people: list[Recipient]) -> list[UUID]:
    """What the reminding job does, whichever time it runs."""
    for person in people:
        visit = Notification(pk=person.id)  # stands for the subject
        values = {"date": NOW.date(), "time": NOW.time()}
        services.notify(
            "appointment.reminder", subject=visit, day=date(2026, 3, 2), to=[person], values=values, now=NOW
        )
    return list(Notification.objects.order_by("pk").values_list("pk", flat=True))


def test_each_client_is_told_once(acme: Organization, settings: Any) -> None:
    with provider(answers=False) as twilio, context.enter(acme.schema_name):
        clients = [create_client(actor=None, name=f"C{one}", phone=f"+55119876500{one:02}") for one in range(3)]
        people = [Recipient.client(client.pk, client.name, phone=client.phone) for client in clients]
        keys = {"TWILIO_API_URL": twilio.address, "TWILIO_ACCOUNT_SID": "AC1", "TWILIO_AUTH_TOKEN": "x"}
        keys["TWILIO_FROM"] = "+15005550006"
        for name, value in keys.items():
            setattr(settings, name, value)
        for person in people:
            services.set_consent(person.id, Channel.SMS, wanted=True, by=None, source="member", now=NOW)
        ids = tell(people)
        database = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
        arguments = [acme.schema_name, NOW.isoformat(), *map(str, ids)]
        worker = subprocess.Popen(
            [sys.executable, "-c", DELIVER, *arguments], cwd=ROOT, env={**os.environ, **keys, "DATABASE_URL": database}
        )
        try:
            assert twilio.arrived.wait(60)  # the first is with the provider, which has not answered
        finally:
            worker.kill()
            worker.wait()
        twilio.may_answer.set()

        assert tell(people) == ids
        services.deliver(ids, now=NOW + timedelta(minutes=1))
        services.retry(now=NOW + LOST_AFTER + timedelta(minutes=1))
        services.deliver(ids, now=NOW + LOST_AFTER + timedelta(minutes=1))

        reached = [body.split("To=%2B")[1].split("&")[0] for _path, body in twilio.taken]
        assert sorted(reached) == sorted(person.phone[1:] for person in people)
        states = dict(Notification.objects.values_list("address", "status"))
        assert sorted(states.values()) == ["failed", "sent", "sent"]
