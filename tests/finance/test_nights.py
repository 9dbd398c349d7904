"""03:00: only organizations in which something comes back are visited, in the nights in which there is something."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from shared_apps.organizations import current
from shared_apps.tenancy.jobs import registry
from shared_apps.tenancy.models import DueWork
from tenant_apps.clients.models import Client
from tenant_apps.finance import services
from tenant_apps.finance.tasks import recurring_entries
from tenant_apps.scheduling import services as scheduling
from tenant_apps.scheduling.models import Contract
from tests.finance.conftest import Owes

Agree = Callable[..., Contract]
NIGHTS = 130


@pytest.fixture
def agree(ana: Client) -> Agree:
    def make(**fields: Any) -> Contract:
        usual: dict[str, Any] = {
            "actor": None, "client": ana, "title": "Care", "rrule": "FREQ=WEEKLY", "time": time(9),
            "starts_on": current.today(), "billing": "advance", "price": Decimal(300),
        }  # fmt: skip
        return scheduling.create_contract(**{**usual, **fields})

    return make


def three(day: date) -> datetime:
    return datetime.combine(day, time(3), tzinfo=current.zone())


def nights_with_entries(first: date, count: int) -> dict[date, int]:
    """What the job makes in each of these nights, when it comes in all of them."""
    found = {}
    for day in (first + timedelta(days=n) for n in range(count)):
        made = recurring_entries(now=three(day))
        if total := sum(made.values()):
            found[day] = total
    return found


def test_who_has_nothing_that_comes_back_is_never_visited(inside: Any, owes: Owes) -> None:
    owes()
    job = registry.get(services.ENTRIES)
    assert job.schedule is None
    assert services.next_entries(timezone.now()) is None


@pytest.mark.parametrize("what", ["recurrence", "advance", "arrears", "later", "all"])
def test_the_nights_it_names_are_those_that_have_entries(inside: Any, agree: Agree, what: str) -> None:
    now = timezone.now()
    today = current.today(now)
    if what in {"recurrence", "all"}:
        services.create_recurrence(
            actor=None, today=today, kind="payable", description="Rent", amount=Decimal(900), day=31,
            starts_on=today, ends_on=today + timedelta(days=100),
        )  # fmt: skip
    if what in {"advance", "arrears", "all"}:
        agree(billing="advance" if what == "all" else what)
    if what == "later":
        agree(starts_on=today + timedelta(days=100))
    with transaction.atomic():
        every_night = nights_with_entries(today, NIGHTS)
        transaction.set_rollback(True)
    named: dict[date, int] = {}
    at = services.next_entries(now)
    while at is not None and current.today(at) < today + timedelta(days=NIGHTS):
        named[current.today(at)] = sum(recurring_entries(now=at).values())
        at = services.next_entries(at + timedelta(minutes=1))
    assert {day: made for day, made in named.items() if made} == every_night
    assert every_night
    assert len(named) <= 12  # twice a month at most


def test_a_contract_and_a_recurrence_mark_the_coming_night(inside: Any, agree: Agree) -> None:
    agree(billing="visit")
    marks = DueWork.objects.filter(job=services.ENTRIES)
    assert not marks.exists()
    contract = agree()
    at = marks.get().due_at
    assert timezone.now() < at <= timezone.now() + timedelta(days=1)
    assert at.astimezone(current.zone()).time() == time(3)
    marks.delete()
    scheduling.update_contract(contract, actor=None, price=Decimal(350))
    assert marks.get().due_at == at
