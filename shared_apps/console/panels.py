"""The start page: panels that apps register. Each is given the platform's days, read once; few ask for more."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import orjson
from django.db.models import Avg, Count, Max, Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from shared_apps.console.figures import day_of, roll_up
from shared_apps.console.models import PlatformFigures
from shared_apps.core import formats
from shared_apps.tenancy.models import JobRun, PendingJob

SPAN = timedelta(days=185)
PRESENT, COMPARED, GOOD, BAD = "#f59e0b", "#d6cfc3", "#15803d", "#b91c1c"


@dataclass(frozen=True, slots=True)
class Look:
    """What every panel is given. `days` are in order; a day that nobody counted is missing."""

    now: datetime
    days: list[PlatformFigures] = field(default_factory=list)

    @property
    def latest(self) -> dict[str, Any]:
        return self.days[-1].figures if self.days else {}

    def since(self, days: int) -> list[PlatformFigures]:
        first = day_of(self.now) - timedelta(days=days - 1)
        return [row for row in self.days if row.day >= first]

    def total(self, name: str, days: int) -> Decimal:
        return sum((Decimal(str(row.figures.get(name, 0))) for row in self.since(days)), Decimal())


@dataclass(frozen=True, slots=True)
class Panel:
    name: str
    title: str | Promise
    template: str
    values: Callable[[Look], dict[str, Any]]
    order: int = 100
    is_wide: bool = False


_panels: dict[str, Panel] = {}


def add(panel: Panel) -> None:
    _panels[panel.name] = panel


def shown(now: datetime) -> list[dict[str, Any]]:
    today = day_of(now)
    rows = list(PlatformFigures.objects.filter(day__gte=today - SPAN).order_by("day"))
    if not rows or rows[-1].day < today:  # nothing of today was counted yet: the first hour, or the first look of a day
        rows.append(roll_up(now=now))
    look = Look(now, rows)
    return [
        {
            "name": one.name,
            "title": one.title,
            "template": one.template,
            "is_wide": one.is_wide,
            "values": one.values(look),
        }
        for one in sorted(_panels.values(), key=lambda one: one.order)
    ]


@dataclass(frozen=True, slots=True)
class Line:
    """One row of numbers of a chart."""

    label: str
    values: Sequence[Decimal | int]
    colour: str = PRESENT


def chart(kind: str, labels: Sequence[str], lines: Sequence[Line], *, stacked: bool = False) -> dict[str, Any]:
    """What the template of a chart needs: Chart.js's data, and the same as a table for whoever does not see it."""
    datasets = [
        {
            "label": line.label,
            "data": [float(value) for value in line.values],
            "borderColor": line.colour,
            "backgroundColor": line.colour,
            "borderWidth": 2,
            "pointRadius": 3 if len(labels) == 1 else 0,  # one point makes no line
            "tension": 0.2,
        }
        for line in lines
    ]
    rows = [
        [label, *(formats.number(Decimal(str(line.values[place]))) for line in lines)]
        for place, label in enumerate(labels)
    ]
    return {
        "kind": kind,
        "data": orjson.dumps({"labels": list(labels), "datasets": datasets}).decode(),
        "options": orjson.dumps(_options(stacked=stacked)).decode(),
        "head": [line.label for line in lines],
        "rows": rows,
        "is_empty": not any(value for line in lines for value in line.values),
    }


def _options(*, stacked: bool) -> dict[str, Any]:
    scale = {"stacked": stacked, "grid": {"display": False}, "ticks": {"maxTicksLimit": 6}}
    return {
        "responsive": True,
        "maintainAspectRatio": False,
        "animation": False,
        "plugins": {"legend": {"display": stacked}, "tooltip": {"enabled": True}},
        "scales": {"x": scale, "y": {**scale, "beginAtZero": True}},
    }


def days_of(rows: Sequence[PlatformFigures]) -> list[str]:
    return [formats.date(row.day) for row in rows]


def numbers(rows: Sequence[PlatformFigures], name: str) -> list[Decimal]:
    return [Decimal(str(row.figures.get(name, 0))) for row in rows]


def month_of(day: date) -> date:
    return day.replace(day=1)


def _organizations(look: Look) -> dict[str, Any]:
    rows = look.since(90)
    line = Line(_t("Active organizations"), numbers(rows, "organizations.is_active"))
    others = [(_("suspended"), "is_suspended"), (_("archived"), "is_archived"), (_("being deleted"), "is_deleting")]
    return {
        "figure": look.latest.get("organizations.is_active", 0),
        "details": [(label, look.latest.get(f"organizations.{name}", 0)) for label, name in others],
        "chart": chart("line", days_of(rows), [line]),
    }


def _sign_ups(look: Look) -> dict[str, Any]:
    rows = look.since(30)
    line = Line(_t("Sign-ups"), numbers(rows, "organizations.signed_up"))
    return {"figure": look.total("organizations.signed_up", 30), "chart": chart("bar", days_of(rows), [line])}


def _top(look: Look) -> dict[str, Any]:
    return {"rows": look.latest.get("organizations.top", [])}


def _jobs(look: Look) -> dict[str, Any]:
    """Of the last day: how late runs began, which failed; and promises that were given up."""
    recent = JobRun.objects.filter(started_at__gte=look.now - timedelta(days=1))
    found = recent.aggregate(
        runs=Count("pk"),
        failed=Count("pk", filter=Q(state=JobRun.State.FAILED)),
        average=Avg("lateness"),
        longest=Max("lateness"),
    )
    return {
        "runs": found["runs"],
        "failed": found["failed"],
        "average": seconds(found["average"]),
        "longest": seconds(found["longest"]),
        "given_up": PendingJob.objects.exclude(failed_at=None).count(),
    }


def seconds(duration: timedelta | None) -> str:
    """ "4 s", "12 min", "3 h"; a dash for what never was."""
    if duration is None:
        return "–"
    whole = max(0, round(duration.total_seconds()))
    if whole < 120:
        return f"{whole} s"
    return f"{whole // 60} min" if whole < 7200 else f"{whole // 3600} h"


add(Panel("organizations", _("Active organizations"), "console/panels/organizations.html", _organizations, order=40))
add(Panel("sign_ups", _("Sign-ups"), "console/panels/sign_ups.html", _sign_ups, order=50))
add(Panel("jobs", _("Background work"), "console/panels/jobs.html", _jobs, order=80))
add(Panel("top", _("Most used"), "console/panels/top.html", _top, order=90, is_wide=True))
