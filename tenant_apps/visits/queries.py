"""Reading a day's visits and their reports."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db.models import F, Prefetch, QuerySet

from shared_apps.core import finding
from tenant_apps.clients.models import Asset
from tenant_apps.files.models import Attachment
from tenant_apps.scheduling import local
from tenant_apps.scheduling.models import Appointment
from tenant_apps.scheduling.queries import appointments_between
from tenant_apps.team.models import Member
from tenant_apps.visits import kinds
from tenant_apps.visits.models import PHOTOS, Dose, LogRow, Reading, VisitReport


@dataclass(slots=True)
class Group:
    """What is measured in one asset (None: at the place as such)."""

    asset: Asset | None
    kinds: list[str] = field(default_factory=list)


def day_of(member: Member, day: date) -> list[Appointment]:
    """A member's standing visits of a local day, in the order of the route: by position, then by time."""
    start, end = local.day_bounds(day)
    found = appointments_between(start, end, member_ids=[member.pk])
    return list(found.order_by(F("position").asc(nulls_last=True), "starts_at", "pk"))


def reports_of(appointments: Iterable[Appointment]) -> dict[UUID, VisitReport]:
    """The reports by their appointment, with everything in them."""
    found = with_rows(VisitReport.objects.filter(appointment__in=list(appointments)))
    return {report.appointment_id: report for report in found}


def with_rows(found: QuerySet[VisitReport]) -> QuerySet[VisitReport]:
    readings = Reading.objects.select_related("asset").order_by("asset__name", "id")
    doses = Dose.objects.select_related("asset").order_by("id")
    return found.select_related("by").prefetch_related(Prefetch("readings", readings), Prefetch("doses", doses))


def report(pk: UUID) -> VisitReport:
    """With everything in it. Raises NotThere."""
    return finding.one(with_rows(reports()), pk)


def asset(pk: UUID) -> Asset:
    """Raises NotThere."""
    return finding.one(Asset.objects.select_related("place__client").defer("place__client__search"), pk)


def log_rows(asset: Asset, start: date | None = None, end: date | None = None) -> QuerySet[LogRow]:
    """The rows of these local days, both included, in order."""
    found = LogRow.objects.filter(asset=asset).order_by("number")
    if start is not None:
        found = found.filter(at__gte=local.day_bounds(start)[0])
    if end is not None:
        found = found.filter(at__lt=local.day_bounds(end)[1])
    return found


def reports() -> QuerySet[VisitReport]:
    """All reports, newest visit first, with what a list shows."""
    found = VisitReport.objects.select_related("appointment__client", "appointment__place", "by")
    return found.defer("appointment__client__search").order_by("-appointment__starts_at", "-pk")


def groups_of(appointment: Appointment) -> list[Group]:
    """What the appointment's offerings want measured, by asset, in the order of its lines; each once."""
    found: dict[UUID | None, Group] = {}
    for line in appointment.lines.all():
        group = found.setdefault(line.asset_id, Group(line.asset))
        group.kinds += [kind for kind in line.offering.readings if kind in kinds.READINGS and kind not in group.kinds]
    return list(found.values())


def steps_of(appointment: Appointment) -> list[str]:
    """The checklist of the appointment's offerings, each step once."""
    return list(dict.fromkeys(step for line in appointment.lines.all() for step in line.offering.checklist))


def photos_of(report: VisitReport) -> dict[str, list[Attachment]]:
    """Before and after."""
    return photos_of_all([report.pk]).get(report.pk) or {moment: [] for moment in PHOTOS}


def photos_of_all(reports: Iterable[UUID]) -> dict[UUID, dict[str, list[Attachment]]]:
    """The same of many reports, in one statement; a report without photos is not there."""
    moments = {subject: moment for moment, subject in PHOTOS.items()}
    found: dict[UUID, dict[str, list[Attachment]]] = {}
    rows = Attachment.objects.standing().filter(subject_id__in=list(reports), subject_type__in=list(moments))
    for attachment in rows.order_by("id"):
        shelves = found.setdefault(attachment.subject_id, {moment: [] for moment in PHOTOS})
        shelves[moments[attachment.subject_type]].append(attachment)
    return found
