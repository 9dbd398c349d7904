"""What was booked, and what was done there."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, Count, Exists, F, Max, Min, OuterRef, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shared_apps.core import formats
from shared_apps.organizations.permissions import Permission
from tenant_apps.reports.asked import Asked
from tenant_apps.reports.catalogue.base import Column, Report, Row
from tenant_apps.reports.places import page_of
from tenant_apps.scheduling.models import Appointment, Booking, Line
from tenant_apps.visits.kinds import READINGS
from tenant_apps.visits.models import Dose, Reading, VisitReport

NAME = Coalesce(NullIf("member__name", Value("")), "member__email", output_field=CharField())
STATUSES = {**dict(Appointment.Status.choices), "cancelled": _("cancelled")}


def _appointments(asked: Asked) -> QuerySet[Any, Any]:
    found = Appointment.objects.order_by("starts_at", "pk")
    if asked.status == "cancelled":
        found = found.exclude(cancellation=None)
    else:
        found = found.filter(cancellation=None, **({"status": asked.status} if asked.status else {}))
    start, end = asked.moments(timezone.get_current_timezone())
    if start:
        found = found.filter(starts_at__gte=start)
    if end:
        found = found.filter(starts_at__lt=end)
    if asked.client:
        found = found.filter(client=asked.client)
    if asked.professional:
        found = found.filter(Exists(Booking.objects.filter(appointment=OuterRef("pk"), member=asked.professional)))
    bookings = Booking.objects.filter(appointment=OuterRef("pk")).order_by("member__name", "member__email")
    lines = Line.objects.filter(appointment=OuterRef("pk")).order_by("position", "pk")
    return found.values(
        "pk", "starts_at", "ends_at", "status", "cancellation_id", "price", client_name=F("client__name"),
        city=F("place__city"), who=ArraySubquery(bookings.values(n=NAME)),
        what=ArraySubquery(lines.values("offering__name")),
    )  # fmt: skip


def _appointment_sums(rows: QuerySet[Any, Any]) -> dict[str, Any]:
    return rows.order_by().aggregate(rows=Count("pk"), price=Sum("price"))


def _visits(asked: Asked) -> QuerySet[Any, Any]:
    found = VisitReport.objects.order_by("appointment__starts_at", "pk")
    start, end = asked.moments(timezone.get_current_timezone())
    if start:
        found = found.filter(appointment__starts_at__gte=start)
    if end:
        found = found.filter(appointment__starts_at__lt=end)
    if asked.client:
        found = found.filter(appointment__client=asked.client)
    if asked.professional:
        found = found.filter(by=asked.professional)
    out = Reading.objects.filter(Q(value__lt=F("low")) | Q(value__gt=F("high")), report=OuterRef("pk"))
    if asked.status == "out_of_limits":
        found = found.filter(Exists(out))
    readings = Reading.objects.filter(report=OuterRef("pk")).order_by("pk")
    doses = Dose.objects.filter(report=OuterRef("pk")).order_by("pk")
    return found.values(
        "pk", "checked_in_at", "checked_out_at", "notes", "signed_by", visit_pk=F("appointment"),
        starts_at=F("appointment__starts_at"), client_name=F("appointment__client__name"),
        who=Coalesce(NullIf("by__name", Value("")), "by__email", output_field=CharField()),
        kinds=ArraySubquery(readings.values("kind")), values_read=ArraySubquery(readings.values("value")),
        products=ArraySubquery(doses.values("product")), amounts=ArraySubquery(doses.values("amount")),
        units=ArraySubquery(doses.values("unit")), out=Exists(out),
    )  # fmt: skip


def _visit_sums(rows: QuerySet[Any, Any]) -> dict[str, Any]:
    found = rows.order_by().aggregate(rows=Count("pk"), first=Min("starts_at"), last=Max("starts_at"))
    return {"rows": found["rows"]}


def _readings(row: Row) -> str:
    return ", ".join(
        f"{READINGS[kind].label if kind in READINGS else kind} {formats.number(value.normalize())}"
        for kind, value in zip(row["kinds"], row["values_read"], strict=True)
    )


def _doses(row: Row) -> str:
    used = zip(row["products"], row["amounts"], row["units"], strict=True)
    return ", ".join(f"{product} {formats.number(amount.normalize())} {unit}" for product, amount, unit in used)


def _minutes(row: Row) -> int | None:
    came, left = row["checked_in_at"], row["checked_out_at"]
    return round((left - came).total_seconds() / 60) if came and left else None


APPOINTMENTS = Report(
    key="appointments",
    title=_("Appointments"),
    about=_("What was booked: when, for whom, by whom, and how it ended."),
    icon="calendar",
    permission=Permission.SCHEDULE_VIEW,
    filters=("period", "client", "status", "professional"),
    statuses=STATUSES,
    rows=_appointments,
    sums=_appointment_sums,
    href=lambda row: page_of("/appointments/", row["pk"]),
    columns=(
        Column("starts_at", _("When"), kind="moment", width=1.4),
        Column("client_name", _("Client"), width=2.2, is_main=True),
        Column("what", _("Service"), width=1.9, value=lambda row: ", ".join(row["what"])),
        Column("who", _("Professional"), width=1.6, value=lambda row: ", ".join(row["who"])),
        Column("city", _("City"), width=1.2),
        Column(
            "status",
            _("Status"),
            value=lambda row: str(STATUSES["cancelled" if row["cancellation_id"] else row["status"]]),
        ),
        Column("price", _("Price"), kind="money", width=1.1, total=True),
    ),
)
VISITS = Report(
    key="visits",
    title=_("Visit reports"),
    about=_("What was found and done at each visit: readings, products, times."),
    icon="clipboard-check",
    permission=Permission.VISITS_REPORT,
    filters=("period", "client", "status", "professional"),
    statuses={"out_of_limits": _("With readings out of limits")},
    rows=_visits,
    sums=_visit_sums,
    href=lambda row: page_of("/appointments/", row["visit_pk"]),
    columns=(
        Column("starts_at", _("When"), kind="moment", width=1.3),
        Column("client_name", _("Client"), width=1.9, is_main=True),
        Column("who", _("Professional"), width=1.4),
        Column("minutes", _("Minutes"), kind="number", width=0.7, value=_minutes),
        Column("readings", _("Readings"), width=2.6, value=_readings),
        Column("out", _("Out of limits"), width=0.8, value=lambda row: str(_("yes")) if row["out"] else ""),
        Column("doses", _("Products"), width=2, value=_doses),
        Column("notes", _("Notes"), width=1.6),
        Column("signed_by", _("Signed by"), width=1.1),
    ),
)
