"""The first page: the day, the money and the months, each number a way to its list."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from shared_apps.core import formats
from shared_apps.organizations.context import can_of
from shared_apps.organizations.permissions import SignedIn, requires
from shared_apps.web.access import methods
from tenant_apps.dashboard import queries
from tenant_apps.dashboard.lists import payments, report
from tenant_apps.dashboard.periods import MONTHS, PERIODS, Asked, Days, end_of_month
from tenant_apps.dashboard.steps import open_steps
from tenant_apps.reports.places import mounted, page_of
from tenant_apps.scheduling.history import TONES
from tenant_apps.scheduling.models import Appointment
from tenant_apps.team.actor import actor_of


@methods("GET")
@requires(SignedIn)
def home(request: HttpRequest) -> HttpResponse:
    member = actor_of(request)
    can, zone, now = can_of(member.role), timezone.get_current_timezone(), timezone.now()
    asked = asked_of(request)
    found = queries.dashboard(asked, now=now, zone=zone, sees_money=can["finance_view"])
    values = {
        "asked": asked,
        "found": found,
        "greeting": greeting(timezone.localtime(now), member.name),
        "today": date_format(timezone.localtime(now), _("l, F j")),
        "periods": [(key, label) for key, label in period_labels().items()],
        "month_counts": MONTHS,
        "professionals": [one for one in found.members if one["is_active"]],
        "steps": open_steps(found.steps, can),
        "cards": _cards(found, asked, can, Days(timezone.localtime(now).date(), timezone.localtime(now).date())),
        "money_rows": _money_rows(found, can) if can["finance_view"] else [],
        "visit_rows": _visit_rows(found, asked, can),
        "work": _work(found, can),
        "top": _top(found, can),
        "upcoming": [
            {**one, "status_label": labels[one["status"]], "tone": TONES[one["status"]],
             "is_today": timezone.localtime(one["starts_at"]).date() == timezone.localtime(now).date(),
             "href": page_of("/appointments/", one["pk"]) or page_of("/clients/", one["client_id"])}
            for labels in [dict(Appointment.Status.choices)] for one in found.upcoming
        ],
        "calendar": mounted("/calendar/"),
        "clients_report": payments(can, found.days, kind="receivable"),
        "book": mounted("/appointments/new/") if can["schedule_manage"] else "",
    }  # fmt: skip
    return render(request, "dashboard/home.html", values)


def asked_of(request: HttpRequest) -> Asked:
    """What the address asks for; what it does not mean is as if it were not there."""
    period, months = request.GET.get("period", ""), request.GET.get("months", "")
    try:
        member_id = UUID(request.GET.get("member", ""))
    except ValueError:
        member_id = None
    return Asked(period if period in PERIODS else "month", 12 if months == "12" else 6, member_id)


def period_labels() -> dict[str, str]:
    return {
        "month": _("This month"),
        "last_month": _("Last month"),
        "quarter": _("Last three months"),
        "year": _("This year"),
    }


def greeting(local: datetime, name: str) -> str:
    first = name.split()[0] if name.split() else ""
    if local.hour < 12:
        return _("Good morning, %(name)s") % {"name": first} if first else _("Good morning")
    if local.hour < 18:
        return _("Good afternoon, %(name)s") % {"name": first} if first else _("Good afternoon")
    return _("Good evening, %(name)s") % {"name": first} if first else _("Good evening")


def _cards(found: queries.Dashboard, asked: Asked, can: dict[str, bool], today: Days) -> list[dict[str, Any]]:
    member = asked.member_id and str(asked.member_id)
    visits, done = found.today["visits"], found.today["done"]
    cards = [
        {
            "label": _("Visits today"),
            "value": formats.number(visits),
            "note": _("%(done)s done") % {"done": formats.number(done)} if visits else _("Nothing booked"),
            "share": done * 100 // visits if visits else None,
            "href": report("appointments", can, today, professional=member) or mounted("/calendar/"),
        }
    ]
    if not found.money:
        return cards
    money, days = found.money, found.days
    return [
        *cards,
        {
            "label": _("Received"),
            "value": formats.money(money["received"]),
            "note": _compared(money["received"], money["before"]),
            "href": payments(can, days, kind="receivable"),
        },
        {
            "label": _("Still to receive"),
            "value": formats.money(money["due"]),
            "note": _("%(count)s due in the period") % {"count": formats.number(money["due_count"])},
            "href": report("entries", can, days, status="open_receivable"),
        },
        {
            "label": _("Overdue"),
            "value": formats.money(money["overdue"]),
            "note": _("%(count)s entries, %(clients)s clients")
            % {"count": formats.number(money["overdue_count"]), "clients": formats.number(money["overdue_clients"])}
            if money["overdue_count"]
            else _("Nobody is late"),
            "tone": "danger" if money["overdue_count"] else "",
            "href": report("entries", can, status="overdue_receivable"),
        },
    ]


def _compared(now: Decimal, before: Decimal | None) -> str:
    if before is None:
        return ""
    if not before:
        return _("Nothing the month before")
    return _("%(share)s of the month before") % {"share": formats.percent(now / before)}


def _month_name(month: Any) -> str:
    return date_format(month, "M y")


def _money_rows(found: queries.Dashboard, can: dict[str, bool]) -> list[dict[str, Any]]:
    return [
        {
            "label": _month_name(month.first),
            "href": payments(can, Days(month.first, end_of_month(month.first))),
            "cells": [{"value": value, "text": formats.money(value)} for value in (month.received, month.spent)],
        }
        for month in found.months
    ]


def _visit_rows(found: queries.Dashboard, asked: Asked, can: dict[str, bool]) -> list[dict[str, Any]]:
    member = asked.member_id and str(asked.member_id)
    return [
        {
            "label": _month_name(one.first),
            "href": report(
                "appointments", can, Days(one.first, end_of_month(one.first)), status="done", professional=member
            ),
            "cells": [{"value": one.visits, "text": formats.number(one.visits)}],
        }
        for one in found.months
    ]


def _work(found: queries.Dashboard, can: dict[str, bool]) -> list[dict[str, Any]]:
    most = max((one["visits"] for one in found.work), default=0)
    return [
        {
            "label": one["label"],
            "visits": one["visits"],
            "time": _("%(hours)s h") % {"hours": formats.number(round(Decimal(one["minutes"]) / 60, 1))},
            "share": one["visits"] * 100 // most,
            "href": report("appointments", can, found.days, status="done", professional=one["pk"]),
        }
        for one in found.work
    ]


def _top(found: queries.Dashboard, can: dict[str, bool]) -> list[dict[str, Any]]:
    return [
        {
            "name": one["name"],
            "sum": formats.money(one["sum"]),
            "href": payments(can, found.days, kind="receivable", client=one["client_id"])
            or f"/clients/{one['client_id']}/",
        }
        for one in found.top_clients
    ]
