"""Visits that a contract no longer asks for: those with a report stay, the others go, however many, at once."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tenant_apps.clients.models import Asset
from tenant_apps.scheduling import local
from tenant_apps.scheduling import services as scheduling
from tenant_apps.scheduling.models import Contract
from tenant_apps.visits.models import VisitReport

pytestmark = pytest.mark.usefixtures("inside")


@pytest.fixture
def contract(pool: Asset) -> Contract:
    scheduling.change_policy(actor=None, works_on_holidays=True)
    tomorrow = local.day_of(timezone.now()) + timedelta(days=1)
    return scheduling.create_contract(
        actor=None, client=pool.place.client, title="Daily", rrule="FREQ=DAILY", starts_on=tomorrow, time=time(10)
    )


def test_what_is_reported_stays_and_the_rest_goes(contract: Contract) -> None:
    first, second, third = contract.appointments.order_by("starts_at")[:3]
    for visit in (second, third):
        VisitReport.objects.create(appointment=visit)
    scheduling.end_contract(contract, actor=None, ends_on=contract.starts_on)
    kept = contract.appointments.order_by("starts_at").values_list("pk", "is_detached")
    assert list(kept) == [(first.pk, False), (second.pk, True), (third.pk, True)]


def test_how_many_go_costs_no_further_statements(contract: Contract) -> None:
    with CaptureQueriesContext(connection) as few:
        scheduling.end_contract(contract, actor=None, ends_on=contract.starts_on + timedelta(days=50))
    before = contract.appointments.count()
    with CaptureQueriesContext(connection) as many:
        scheduling.end_contract(contract, actor=None, ends_on=contract.starts_on)
    assert before - contract.appointments.count() == 50
    assert len(many) <= len(few) + 3
