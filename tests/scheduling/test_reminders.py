"""The day before a visit, at 06:00; only where there is one; once."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shared_apps.organizations.models import Organization
from shared_apps.tenancy import context
from shared_apps.tenancy.jobs import Visit, run_chunk
from shared_apps.tenancy.models import DueWork, JobRun
from tenant_apps.notifications.models import Notification
from tenant_apps.scheduling import local, reminders, services
from tests.scheduling.conftest import Firm, monday

SUNDAY = timedelta(days=1)


@pytest.fixture
def six(inside: None) -> datetime:
    """06:00 on the Sunday before the visits."""
    return local.moment(local.day_of(monday()) - SUNDAY, time(6))


def reminded() -> list[tuple[str, str]]:
    found = Notification.objects.filter(event=reminders.EVENT).order_by("recipient_type", "channel")
    return list(found.values_list("recipient_type", "channel"))


def test_a_booking_marks_the_morning_before(inside: None, firm: Firm, six: datetime) -> None:
    firm.book("09:00", firm.bob)
    assert DueWork.objects.get(job=reminders.JOB).due_at == six


def test_client_and_professional_are_reminded_once(inside: None, firm: Firm, six: datetime) -> None:
    firm.client.email = "ana@clients.example"
    firm.client.save()
    firm.book("09:00", firm.bob)
    assert reminders.remind_tomorrow(now=six) == {"visits": 1, "messages": 2}
    assert reminded() == [("client", "email"), ("member", "app")]
    assert reminders.remind_tomorrow(now=six + timedelta(hours=1)) == {"visits": 1, "messages": 0}


def test_nobody_is_reminded_of_what_does_not_take_place(inside: None, firm: Firm, six: datetime) -> None:
    services.cancel_appointment(firm.book("09:00", firm.bob), actor=None)
    firm.book("09:00", firm.alice, weeks=2)
    assert reminders.remind_tomorrow(now=six)["visits"] == 0
    assert reminders.next_reminders(six) == six + timedelta(days=7)


def test_many_visits_take_few_statements(inside: None, firm: Firm, six: datetime) -> None:
    firm.book("09:00", firm.bob)
    with CaptureQueriesContext(connection) as few:
        reminders.remind_tomorrow(now=six - timedelta(days=7, minutes=5))
    for hour in range(10, 17):
        firm.book(f"{hour}:00", firm.bob)
    with CaptureQueriesContext(connection) as many:
        assert reminders.remind_tomorrow(now=six)["visits"] == 8
    assert len(many) <= len(few) + 16, len(many)


def test_the_engine_runs_it_once_a_slot_and_keeps_what_it_did(
    acme: Organization, firm: Firm, django_capture_on_commit_callbacks: object
) -> None:
    with context.enter(acme.schema_name):
        firm.book("09:00", firm.bob)
        six = local.moment(local.day_of(monday()) - SUNDAY, time(6))
    visit = Visit(acme.schema_name, acme.pk, slot=six, due_at=six)
    late = six + timedelta(hours=2)
    assert run_chunk(reminders.JOB, [visit, visit], now=late) == {"done": 1, "repeated": 1}
    run = JobRun.objects.get(job=reminders.JOB)
    assert (run.result["visits"], run.lateness) == (1, timedelta(hours=2))
    assert not DueWork.objects.filter(job=reminders.JOB, due_at__lte=late).exists()


def test_after_an_outage_it_is_due_at_once(inside: None, firm: Firm, six: datetime) -> None:
    """The sweep asks while the morning's run is still missing: it must not be moved to another day."""
    appointment = firm.book("09:00", firm.bob)
    type(appointment).objects.update(created_at=six - timedelta(days=2))
    noon = six + timedelta(hours=6)
    assert reminders.next_reminders(noon) == noon
