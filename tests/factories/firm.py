"""A firm's days as plain rows: visits and money, without the services' rules, for what only reads them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from tenant_apps.clients.models import Client
from tenant_apps.finance.models import Entry, Payment
from tenant_apps.scheduling.models import Appointment, Booking
from tenant_apps.team.models import Member


def visit(client: Client, member: Member, starts_at: datetime, *, minutes: int = 60, **fields: Any) -> Appointment:
    ends_at = starts_at + timedelta(minutes=minutes)
    made = Appointment.objects.create(client=client, starts_at=starts_at, ends_at=ends_at, **fields)
    Booking.objects.create(appointment=made, member=member, starts_at=starts_at, ends_at=ends_at)
    return made


def entry(amount: str, due_on: date, *, paid: str = "", paid_on: date | None = None, **fields: Any) -> Entry:
    made = Entry.objects.create(
        amount=Decimal(amount), due_on=due_on, issued_on=due_on, paid=Decimal(paid or 0),
        **{"description": "Monthly care", **fields},
    )  # fmt: skip
    if paid:
        Payment.objects.create(entry=made, amount=Decimal(paid), paid_on=paid_on or due_on)
    return made
