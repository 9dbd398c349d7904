"""At 07:00: due in 3 days, today, overdue 1 and 3 days. A payment is thanked for. Each once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shared_apps.organizations import current
from shared_apps.organizations.models import Organization
from shared_apps.tenancy.jobs import Visit, run_chunk
from shared_apps.tenancy.models import DueWork, JobRun
from tenant_apps.finance import reminders, services
from tenant_apps.finance.models import ChargeLink, Entry
from tenant_apps.finance.services import telling
from tenant_apps.notifications.models import Notification
from tenant_apps.team.models import Member

Owes = Callable[..., Entry]
DUE = date(2026, 1, 10)


def seven(day: date) -> datetime:
    return datetime.combine(day, time(7), tzinfo=ZoneInfo("America/Sao_Paulo")).astimezone(UTC)


def told(kind: str = "client") -> list[str]:
    return list(Notification.objects.filter(recipient_type=kind).order_by("day").values_list("event", flat=True))


def test_a_charge_is_told_of_on_four_mornings(owes: Owes) -> None:
    owes(due_on=DUE)
    for number in range(-5, 10):
        reminders.remind(seven(DUE + timedelta(days=number)))
    assert told() == ["entry.due_soon", "entry.due_today", "entry.overdue_1", "entry.overdue_3"]
    assert told("member") == ["entry.overdue_1", "entry.overdue_3"]


def test_a_second_run_tells_nobody_again(owes: Owes) -> None:
    owes(due_on=DUE)
    assert reminders.remind(seven(DUE)) == {"entries": 1, "messages": 1}
    assert reminders.remind(seven(DUE) + timedelta(hours=2))["messages"] == 0


def test_the_client_gets_an_address_to_pay_at_and_the_firm_none(owes: Owes) -> None:
    owes(due_on=DUE)
    reminders.remind(seven(DUE + timedelta(days=1)))
    assert "/pay/" in Notification.objects.get(recipient_type="client").url
    assert Notification.objects.get(recipient_type="member").url.startswith("/entries/")
    assert ChargeLink.objects.count() == 1


@pytest.mark.parametrize("change", ["paid", "cancelled", "payable", "archived"])
def test_nobody_is_told_of_what_is_not_owed(change: str, owes: Owes, me: Member) -> None:
    entry = owes(due_on=DUE, **({"kind": "payable"} if change == "payable" else {}))
    if change == "paid":
        services.pay_entry(entry, actor=me, amount=Decimal(100), method="pix", paid_on=date(2026, 1, 5))
    if change == "cancelled":
        services.cancel_entry(entry, actor=me)
    if change == "archived":
        entry.client.archivals.create(by=me)
        type(entry.client).objects.update(archival=entry.client.archivals.get())
    reminders.remind(seven(DUE))
    assert told() == []


def test_it_knows_its_next_morning(owes: Owes) -> None:
    owes(due_on=DUE)
    assert reminders.next_reminders(seven(date(2026, 1, 1))) == seven(date(2026, 1, 7))
    assert reminders.next_reminders(seven(date(2026, 1, 7)) - timedelta(hours=1)) == seven(date(2026, 1, 7))
    assert reminders.next_reminders(seven(date(2026, 2, 1))) is None


def test_of_many_mornings_it_knows_the_next(owes: Owes) -> None:
    """Each day of two months asked alone: the nearest morning of any entry, be it due before or after."""
    due = [DUE + timedelta(days=days) for days in (0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 13, 21, 22, 40)]
    for due_on in due:
        owes(due_on=due_on)
    mornings = sorted(seven(due_on - timedelta(days=ahead)) for due_on in due for ahead in (3, 0, -1, -3))
    for days in range(-10, 50):
        early = seven(DUE + timedelta(days=days)) - timedelta(hours=1)
        assert reminders.next_reminders(early) == next((at for at in mornings if at >= early), None)


def test_a_new_entry_marks_its_first_morning(owes: Owes) -> None:
    today = current.today()
    owes(due_on=today + timedelta(days=30), issued_on=today)
    assert DueWork.objects.get(job=telling.JOB).due_at == seven(today + timedelta(days=27))


def test_the_engine_visits_once_and_moves_on(acme: Organization, owes: Owes) -> None:
    owes(due_on=DUE)
    slot = seven(DUE)
    visit = Visit(acme.schema_name, acme.pk, slot=slot, due_at=slot)
    assert run_chunk(telling.JOB, [visit, visit], now=slot) == {"done": 1, "repeated": 1}
    assert JobRun.objects.get(job=telling.JOB).result == {"entries": 1, "messages": 1}
    assert DueWork.objects.get(job=telling.JOB).due_at == seven(DUE + timedelta(days=1))


def test_many_entries_take_few_statements(owes: Owes) -> None:
    owes(due_on=DUE)
    with CaptureQueriesContext(connection) as few:
        reminders.remind(seven(DUE))
    for _ in range(10):
        owes(due_on=DUE)
    with CaptureQueriesContext(connection) as many:
        assert reminders.remind(seven(DUE))["messages"] == 10
    assert len(many) <= len(few) + 25, (len(few), len(many))  # addresses ask for the route: only a test has none


def test_a_payment_is_thanked_for(owes: Owes, me: Member) -> None:
    entry, today = owes(due_on=current.today()), current.today()
    services.pay_entry(entry, actor=me, amount=Decimal("40.00"), method="pix", paid_on=today)
    (row,) = Notification.objects.filter(event="payment.received")
    assert (row.recipient_id, row.values["amount"]["money"]) == (entry.client_id, "40.00")


def test_an_old_payment_is_not(owes: Owes, me: Member) -> None:
    services.pay_entry(owes(), actor=me, amount=Decimal(40), method="pix", paid_on=current.today() - timedelta(days=30))
    assert not Notification.objects.filter(event="payment.received").exists()


def test_expired_addresses_go(owes: Owes, me: Member, settings: Any) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    services.make_link(owes(), actor=me, now=now)
    gone = reminders.next_link()
    assert gone is not None
    assert DueWork.objects.get(job="finance.forget_links").due_at == gone
    assert reminders.forget_links(gone - timedelta(seconds=1)) == {"links": 0}
    assert reminders.forget_links(gone) == {"links": 1}
