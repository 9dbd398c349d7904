"""Two at once, really committed: exactly one wins, and no cent is counted twice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from decimal import Decimal
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from shared_apps.core.errors import DomainError
from shared_apps.organizations.models import Organization
from shared_apps.tenancy import context
from tenant_apps.clients import services as clients
from tenant_apps.finance import services
from tenant_apps.finance.models import Entry, Payment
from tenant_apps.scheduling.models import Appointment

pytestmark = pytest.mark.django_db(transaction=True)
DAY = date(2026, 1, 10)


def at_once(organization: Organization, works: Sequence[Callable[[], Any]]) -> list[Any]:
    """What each returned, or the code with which it was refused."""
    barrier = Barrier(len(works))

    def one(work: Callable[[], Any]) -> Any:
        with context.enter(organization.schema_name):
            try:
                barrier.wait(timeout=20)
                return work()
            except DomainError as error:
                return error.code
            finally:
                connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(one, works))


def an_entry(organization: Organization, **given: Any) -> Entry:
    with context.enter(organization.schema_name):
        usual = {"actor": None, "kind": "receivable", "description": "Visit", "amount": Decimal(100), "due_on": DAY}
        return services.create_entry(**{**usual, **given})[0]


def pay(entry: Entry, amount: int) -> Callable[[], Any]:
    return lambda: services.pay_entry(entry, actor=None, amount=Decimal(amount), method="pix", paid_on=DAY)


def test_of_two_whole_payments_one_counts(acme: Organization) -> None:
    entry = an_entry(acme)
    answers = at_once(acme, [pay(entry, 100), pay(entry, 100)])
    assert sorted(str(one) for one in answers if isinstance(one, str)) == ["entry_paid"]
    with context.enter(acme.schema_name):
        assert Payment.objects.count() == 1
        assert Entry.objects.get(pk=entry.pk).paid == Decimal(100)


def test_parts_that_are_too_much_together_are_refused(acme: Organization) -> None:
    entry = an_entry(acme)
    answers = at_once(acme, [pay(entry, 60)] * 3)
    assert answers.count("overpaid") == 2
    with context.enter(acme.schema_name):
        assert Entry.objects.get(pk=entry.pk).paid == Decimal(60)


def test_paid_and_cancelled_at_once_is_one_of_them(acme: Organization) -> None:
    entry = an_entry(acme)
    answers = at_once(acme, [pay(entry, 100), lambda: services.cancel_entry(entry, actor=None)])
    assert len([one for one in answers if one in {"entry_cancelled", "has_payments"}]) == 1


def test_a_visit_and_a_month_are_charged_once(acme: Organization) -> None:
    with context.enter(acme.schema_name):
        client = clients.create_client(actor=None, name="Ana")
        nine = datetime(2026, 3, 2, 12, tzinfo=UTC)
        visit = Appointment.objects.create(client=client, starts_at=nine, ends_at=nine.replace(hour=13), price=90)
        services.create_recurrence(
            actor=None, today=DAY, kind="payable", description="Rent", amount=Decimal(9), day=5, starts_on=DAY
        )
    at_once(
        acme,
        [
            *[lambda: services.charge_appointment(visit, actor=None)] * 2,
            *[lambda: services.generate_recurrences(today=date(2026, 4, 1))] * 2,
        ],
    )
    with context.enter(acme.schema_name):
        assert Entry.objects.filter(appointment=visit).count() == 1
        periods = list(Entry.objects.exclude(period=None).values_list("period", flat=True))
        assert len(periods) == len(set(periods)) == 3
