"""The order in which a professional drives through a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db import transaction

from tenant_apps.scheduling.models import Appointment
from tenant_apps.team.models import Member
from tenant_apps.visits import queries


@transaction.atomic
def move_in_route(appointment: Appointment, *, member: Member, day: date, up: bool) -> None:
    """One place earlier or later in that member's day. At the end of the list nothing changes."""
    ids = [row.pk for row in _locked(member, day)]
    if appointment.pk not in ids:
        return
    at = ids.index(appointment.pk)
    to = at - 1 if up else at + 1
    if 0 <= to < len(ids):
        ids[at], ids[to] = ids[to], ids[at]
        _number(ids)


@transaction.atomic
def arrange(ids: Sequence[UUID], *, member: Member, day: date) -> None:
    """This order; what it does not name comes after, as it was."""
    known = [row.pk for row in _locked(member, day)]
    wanted = [pk for pk in dict.fromkeys(ids) if pk in known]
    _number([*wanted, *(pk for pk in known if pk not in wanted)])


def _locked(member: Member, day: date) -> list[Appointment]:
    """The day's visits in the order of the route; locked in the order of their keys, as everybody does."""
    rows = queries.day_of(member, day)
    list(Appointment.objects.select_for_update(no_key=True).filter(pk__in=[row.pk for row in rows]).order_by("pk"))
    return rows


def _number(ids: Sequence[UUID]) -> None:
    rows = [Appointment(pk=pk, position=position) for position, pk in enumerate(ids, start=1)]
    Appointment.objects.bulk_update(rows, ["position"])
