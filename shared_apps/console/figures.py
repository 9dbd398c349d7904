"""The platform's days: one row each, counted every hour from public tables, so that the start page adds nothing up.

Apps above say what they count. `count(now, day, before)` answers figures by name; `before` is what the day's row says
so far, for figures that add up during a day. Money is text: "129.90".
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Max, Q

from shared_apps.console.models import PlatformFigures
from shared_apps.organizations.models import Organization, OrganizationFigures

Figures = dict[str, Any]
Counting = Callable[[datetime, date, Figures], Figures]
TOP = 10
KEPT = timedelta(days=3 * 366)
_counts: dict[str, Counting] = {}


def register(name: str, count: Counting) -> None:
    _counts[name] = count


def day_of(now: datetime) -> date:
    """The platform's own day."""
    return now.astimezone(ZoneInfo(settings.PLATFORM_TIME_ZONE)).date()


def hours_of(day: date) -> tuple[datetime, datetime]:
    """When the platform's day begins and ends."""
    zone = ZoneInfo(settings.PLATFORM_TIME_ZONE)
    after = day + timedelta(days=1)
    return datetime(day.year, day.month, day.day, tzinfo=zone), datetime(
        after.year, after.month, after.day, tzinfo=zone
    )


@transaction.atomic
def roll_up(*, now: datetime) -> PlatformFigures:
    """Count the day anew. Again: the same row."""
    day = day_of(now)
    PlatformFigures.objects.get_or_create(day=day)
    row = PlatformFigures.objects.select_for_update().get(day=day)
    before = dict(row.figures)
    for name, count in sorted(_counts.items()):
        row.figures |= {f"{name}.{key}": value for key, value in count(now, day, _own(before, name)).items()}
    row.counted_at = now
    row.save()
    PlatformFigures.objects.filter(day__lt=day - KEPT).delete()
    return row


def _own(figures: Figures, name: str) -> Figures:
    return {key.removeprefix(f"{name}."): value for key, value in figures.items() if key.startswith(f"{name}.")}


def of_organizations(now: datetime, day: date, before: Figures) -> Figures:
    """How many there are in each state, who came today, and who is largest by last night's figures."""
    start, end = hours_of(day)
    states = {f"is_{state}": Count("pk", filter=Q(status=state)) for state in Organization.Status.values}
    came = Count("pk", filter=Q(created_at__gte=start, created_at__lt=end, is_demo=False))
    counted = Organization.objects.aggregate(**states, signed_up=came)
    return {**counted, "top": _largest(day)}


def _largest(day: date) -> list[list[Any]]:
    """[id, name, clients, visits, people, bytes] by visits of the month."""
    recent = OrganizationFigures.objects.filter(day__gte=day - timedelta(days=3), day__lte=day)
    last = recent.filter(organization__status=Organization.Status.ACTIVE).aggregate(day=Max("day"))["day"]
    rows = OrganizationFigures.objects.filter(day=last).select_related("organization")
    return [
        [
            str(row.organization_id),
            row.organization.name,
            row.clients,
            row.appointments,
            row.members,
            row.storage_bytes + row.schema_bytes,
        ]
        for row in rows.order_by("-appointments", "-clients", "organization_id")[:TOP]
    ]


register("organizations", of_organizations)
