"""What a report is asked for: days, a client, a state, a professional. Read leniently from a page's address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from dateutil.relativedelta import relativedelta
from django.utils import timezone

from shared_apps.core.finding import uuid_or_none

NAMES = ("from", "until", "client", "status", "professional")


@dataclass(frozen=True, slots=True)
class Asked:
    """`first` and `last` are local days, both included; None: without end. `status` is the report's own key."""

    first: date | None = None
    last: date | None = None
    client: UUID | None = None
    status: str = ""
    professional: UUID | None = None

    @classmethod
    def read(cls, given: Mapping[str, Any], statuses: Mapping[str, Any]) -> Asked:
        """What does not mean anything is as if it were not there."""
        status = str(given.get("status") or "")
        return cls(
            first=day_or_none(given.get("from")),
            last=day_or_none(given.get("until")),
            client=uuid_or_none(given.get("client")),
            status=status if status in statuses else "",
            professional=uuid_or_none(given.get("professional")),
        )

    def as_json(self) -> dict[str, str]:
        """Without what is not asked for; `read` takes it back."""
        named = (self.first, self.last, self.client, self.status, self.professional)
        return {name: str(value) for name, value in zip(NAMES, named, strict=True) if value}

    @property
    def query(self) -> str:
        return urlencode(self.as_json())

    def moments(self, zone: tzinfo) -> tuple[datetime | None, datetime | None]:
        """The days as moments, half open."""
        start = midnight(self.first, zone) if self.first else None
        return start, midnight(self.last + timedelta(days=1), zone) if self.last else None

    def about(self, month: date) -> Asked:
        """The same question about one month."""
        return replace(self, first=month, last=month + relativedelta(months=1, days=-1))


def this_month() -> dict[str, str]:
    first = timezone.localdate().replace(day=1)
    return {"from": first.isoformat(), "until": (first + relativedelta(months=1, days=-1)).isoformat()}


def day_or_none(value: Any) -> date | None:
    """A day of the years people keep books about: no arithmetic with it can overflow."""
    try:
        day = date.fromisoformat(str(value or ""))
    except ValueError:
        return None
    return day if 1900 <= day.year <= 2200 else None


def midnight(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time.min, tzinfo=zone)
