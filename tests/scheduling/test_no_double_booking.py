"""The database refuses two standing bookings of one professional that overlap, whoever asks at the same moment."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from shared_apps.organizations.models import Organization
from shared_apps.tenancy import context as tenancy
from tenant_apps.clients import services as clients
from tenant_apps.scheduling.models import Appointment, Booking
from tenant_apps.team.models import Member

pytestmark = pytest.mark.django_db
NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


def book(member: Member, start: datetime, end: datetime, *, stands: bool = True) -> Booking:
    client = clients.create_client(actor=None, name="Ana")
    appointment = Appointment.objects.create(client=client, starts_at=start, ends_at=end)
    return Booking.objects.create(appointment=appointment, member=member, starts_at=start, ends_at=end, stands=stands)


@pytest.fixture
def member(acme: Organization) -> Member:
    with tenancy.enter(acme.schema_name):
        return Member.objects.order_by("id")[0]


@pytest.mark.parametrize(
    ("start", "end"),
    [(0, 60), (-30, 30), (30, 90), (15, 45), (-30, 90), (59, 61)],
    ids=["same", "begins earlier", "ends later", "inside", "around", "last minute"],
)
def test_two_that_overlap_are_refused(acme: Organization, member: Member, start: int, end: int) -> None:
    with tenancy.enter(acme.schema_name):
        book(member, NINE, NINE + HOUR)
        with pytest.raises(IntegrityError, match="scheduling_no_double_booking"), transaction.atomic():
            book(member, NINE + timedelta(minutes=start), NINE + timedelta(minutes=end))


def test_those_that_touch_or_do_not_stand_or_are_of_another_are_taken(acme: Organization, member: Member) -> None:
    with tenancy.enter(acme.schema_name):
        other = Member.objects.exclude(pk=member.pk).order_by("id").first()
        book(member, NINE, NINE + HOUR)
        book(member, NINE + HOUR, NINE + 2 * HOUR)
        book(member, NINE - HOUR, NINE)
        book(member, NINE, NINE + HOUR, stands=False)
        book(other, NINE, NINE + HOUR)
        assert Booking.objects.count() == 5
