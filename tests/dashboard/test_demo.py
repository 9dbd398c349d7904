"""The demo firm's days: they look lived in on whatever day they are made, and are made once."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.db.models import F

from shared_apps.organizations.enrolment import NotADemo
from shared_apps.organizations.models import Organization
from shared_apps.tenancy import context
from shared_apps.tenancy.models import DueWork
from tenant_apps.banking import matching
from tenant_apps.banking.models import StatementLine
from tenant_apps.dashboard import demo
from tenant_apps.finance.models import Entry, Payment
from tenant_apps.scheduling.models import Appointment, Booking, Contract, WorkingHours
from tenant_apps.visits.models import LogRow, Reading, VisitReport
from tenant_apps.visits.services import log_book
from tests.factories.clients import ClientFactory

NOW = datetime(2026, 11, 25, 10, 30, tzinfo=ZoneInfo("America/Sao_Paulo"))  # a Wednesday


def test_the_firm_has_a_living_week(acme: Organization) -> None:
    with context.enter(acme.schema_name):
        made = demo.fill(acme, now=NOW)
        assert made.appointments > 1000
        assert made.entries > 300
        today = Appointment.objects.standing().between(NOW.replace(hour=0), NOW.replace(hour=23))
        statuses = set(today.values_list("status", flat=True))
        assert {"done", "under_way"} <= statuses
        assert statuses & {"pending", "confirmed"}
        assert Appointment.objects.filter(starts_at__gt=NOW + timedelta(weeks=6)).exists()
        assert not Appointment.objects.filter(status="done", starts_at__gt=NOW).exists()
        assert Booking.objects.filter(stands=True).values("member").distinct().count() == 3
        assert WorkingHours.objects.count() == 3 * 11
        assert Entry.objects.overdue(NOW.date()).receivable().exists()
        assert Entry.objects.open().filter(paid__gt=0).exists()
        assert not Payment.objects.filter(paid_on__gt=NOW.date()).exists()
    with context.public():
        waiting = set(DueWork.objects.filter(schema_name=acme.schema_name).values_list("job", flat=True))
    assert {"scheduling.remind_tomorrow", "finance.remind", "scheduling.generate_visits"} <= waiting


def test_its_log_books_are_whole_and_the_bank_waits_for_a_look(acme: Organization) -> None:
    with context.enter(acme.schema_name):
        demo.fill(acme, now=NOW)
        books = set(LogRow.objects.values_list("asset_id", flat=True))
        assert books
        verified = [log_book.verify(asset) for asset in books]
        assert all(one.is_whole and one.rows > 20 for one in verified)
        lines = StatementLine.objects
        assert lines.explained().count() > 20
        assert 5 <= lines.open().count() < lines.count() / 2
        assert {line.amount for line in lines.explained() if line.came_in} <= set(
            Payment.objects.values_list("amount", flat=True)
        )
        offers = matching.suggestions(list(lines.open()))
        assert sum(bool(found) for found in offers.values()) >= 4
        assert VisitReport.objects.count() > 700
        assert 0 < Reading.objects.filter(value__gt=F("high")).count() < Reading.objects.count() / 5
        assert set(Contract.objects.values_list("appointments__client", "client").distinct()) == {
            (one, one) for one in Contract.objects.values_list("client", flat=True)
        }
        assert demo.fill(acme, now=NOW) == demo.Made()


def test_a_real_book_is_left_alone(acme: Organization) -> None:
    with context.enter(acme.schema_name):
        ClientFactory()
        with pytest.raises(NotADemo):
            demo.fill(acme, now=NOW)


def test_the_command(acme: Organization, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("organization", "seed", "acme", "--json")
    made = json.loads(capsys.readouterr().out)
    assert made["appointments"] > 1000
    call_command("organization", "seed", "acme")
    assert "Nothing to do" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        call_command("organization", "seed", "acme", "--size", "huge")
