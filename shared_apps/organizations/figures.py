"""Each night an organization's figures are written down in public, for whoever runs the platform.

Tenant apps say how their figures are counted; this storey does not know them. Nothing here is billed by.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from shared_apps.organizations.models import Membership, Organization, OrganizationFigures
from shared_apps.tenancy import context, size

ROLL_UP = "organizations.roll_up"


@dataclass(frozen=True, slots=True)
class Month:
    """The month of `day` until that day's end: local days, and the half-open time (UTC) from `start` to `end`."""

    day: date
    start: datetime
    end: datetime

    @property
    def first(self) -> date:
        return self.day.replace(day=1)


Count = Callable[[Month], int | Decimal]
_counts: dict[str, Count] = {}


def register(name: str, count: Count) -> None:
    """`name` is a column of OrganizationFigures; `count` is called inside the organization."""
    OrganizationFigures._meta.get_field(name)
    _counts[name] = count


def roll_up(*, now: datetime) -> dict[str, int]:
    """Write down the active organization's figures of the day that has ended. Again on the same day: the same row."""
    organization = Organization.objects.get(schema_name=context.active().schema)
    month = month_of(now, ZoneInfo(organization.timezone))
    found = {name: count(month) for name, count in _counts.items()}
    found["members"] = Membership.objects.filter(organization=organization, is_active=True).count()
    found["schema_bytes"] = size.of_schema(organization.schema_name)
    OrganizationFigures.objects.update_or_create(organization=organization, day=month.day, defaults=found)
    return {"figures": len(found)}


def month_of(now: datetime, zone: ZoneInfo) -> Month:
    """The month of yesterday."""
    today = now.astimezone(zone).date()
    day = today - timedelta(days=1)
    start, end = (
        datetime(at.year, at.month, at.day, tzinfo=zone).astimezone(UTC) for at in (day.replace(day=1), today)
    )
    return Month(day, start, end)
