"""Coming in, reporting, and correcting what was reported."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.core.files.storage import default_storage
from django.db import transaction

from shared_apps.core.errors import Stale
from tenant_apps.activity import services as activity
from tenant_apps.clients.models import Asset
from tenant_apps.scheduling import access
from tenant_apps.scheduling import services as scheduling
from tenant_apps.scheduling.errors import AppointmentCancelled
from tenant_apps.scheduling.models import Appointment
from tenant_apps.scheduling.services.locks import locked_appointment
from tenant_apps.team.models import Member
from tenant_apps.visits import kinds
from tenant_apps.visits.errors import NobodyShowed, SentDifferently
from tenant_apps.visits.models import Dose, Reading, VisitReport
from tenant_apps.visits.services import given as giving
from tenant_apps.visits.services import log_book, signatures
from tenant_apps.visits.services.given import ReportGiven

KEPT_SENDS = 50
_BEFORE = (Appointment.Status.PENDING, Appointment.Status.CONFIRMED)


@transaction.atomic
def check_in(appointment: Appointment, *, actor: Member | None, at: datetime, now: datetime) -> VisitReport:
    """Somebody has come. Said again, the first time stands.

    Raises NotThere, NotYours, AppointmentCancelled, NobodyShowed, FieldError.
    """
    giving.times(at, None, now=now)
    appointment = _open(appointment, actor)
    report = report_of(appointment) or VisitReport(appointment=appointment, by=actor)
    if report.checked_in_at is None and not report.is_finished:
        report.checked_in_at = at
        _save(report)
        activity.record(actor, "visit.checked_in", appointment, after={"at": at})
    _start(appointment, actor, at)
    return report


def save_report(
    appointment: Appointment,
    *,
    actor: Member | None,
    sent_key: UUID | None,
    given: ReportGiven,
    now: datetime,
    expected: Collection[int] | None = None,
) -> VisitReport:
    """Keep what was done, all of it as it is given; with `finish` the visit is done. A finished one is corrected.

    The same `sent_key` with the same content again gives the report as it is. Raises NotThere, NotYours, Stale,
    AppointmentCancelled, NobodyShowed, SentDifferently, FieldError.
    """
    drawn = signatures.read(given.signature) if given.signature else None
    name = signatures.keep(drawn) if drawn else ""
    try:
        report = _save_report(appointment, actor, sent_key, given, name, now, expected)
    except BaseException:
        if name:
            default_storage.delete(name)
        raise
    if name and report.signature != name:
        default_storage.delete(name)  # it was sent before: the one that is there stays
    return report


@transaction.atomic
def _save_report(
    appointment: Appointment,
    actor: Member | None,
    sent_key: UUID | None,
    given: ReportGiven,
    signature: str,
    now: datetime,
    expected: Collection[int] | None,
) -> VisitReport:
    appointment = locked_appointment(appointment.pk)
    if actor is not None:
        access.require_own(appointment, actor)
    report = report_of(appointment)
    digest = given.digest()
    if sent_key is not None and _was_sent(report, appointment, sent_key, digest):
        assert report is not None  # noqa: S101 - it has the key
        return report
    _refuse_closed(appointment)
    assets = giving.check(given, appointment, now=now)
    report = report or VisitReport(appointment=appointment, by=actor)
    if expected is not None and report.version not in expected:
        raise Stale(version=report.version)
    was_finished, before = report.is_finished, snapshot(report)
    _fill(report, given, signature, now=now)
    if sent_key is not None:
        report.sent_key = sent_key
        report.sends = dict([*report.sends.items(), (str(sent_key), digest)][-KEPT_SENDS:])
    _save(report)
    _write_rows(report, given, assets)
    if report.is_finished:
        books = {row.asset for row in given.readings if row.asset} | log_book.books_of(report)
        log_book.append(report, technician=str(report.by or actor or ""), now=now, assets=books)
    verb = "visit.corrected" if was_finished else "visit.finished" if report.is_finished else "visit.reported"
    activity.record(actor, verb, appointment, before=before, after=snapshot(report))
    if report.checked_in_at is not None:
        _start(appointment, actor, report.checked_in_at)
    if report.checked_out_at is not None:
        scheduling.complete_appointment(appointment, actor=actor, at=report.checked_out_at)
    return report


def report_of(appointment: Appointment) -> VisitReport | None:
    """The appointment's report, locked."""
    found = VisitReport.objects.select_for_update(no_key=True, of=("self",)).select_related("by")
    return found.filter(appointment=appointment).first()


def snapshot(report: VisitReport) -> dict[str, Any]:
    """What activity compares."""
    if report._state.adding:
        return {}
    readings = report.readings.order_by("kind").values_list("kind", "value")
    return {
        "checked_in_at": report.checked_in_at,
        "checked_out_at": report.checked_out_at,
        "readings": [f"{kind} {log_book.plain(value)}" for kind, value in readings],
        "doses": [f"{log_book.plain(dose.amount)} {dose.unit} {dose.product}" for dose in report.doses.order_by("id")],
        "steps": sum(1 for step in report.checklist if step.get("done")),
        "notes": report.notes,
        "signed_by": report.signed_by,
    }


def _open(appointment: Appointment, actor: Member | None) -> Appointment:
    appointment = locked_appointment(appointment.pk)
    if actor is not None:
        access.require_own(appointment, actor)
    _refuse_closed(appointment)
    return appointment


def _refuse_closed(appointment: Appointment) -> None:
    if appointment.cancellation_id is not None:
        raise AppointmentCancelled
    if appointment.status == Appointment.Status.NO_SHOW:
        raise NobodyShowed


def _was_sent(report: VisitReport | None, appointment: Appointment, key: UUID, digest: str) -> bool:
    if report is not None and str(key) in report.sends:
        if report.sends[str(key)] == digest:
            return True
        raise SentDifferently
    if VisitReport.objects.filter(sent_key=key).exclude(appointment=appointment).exists():
        raise SentDifferently
    return False


def _fill(report: VisitReport, given: ReportGiven, signature: str, *, now: datetime) -> None:
    report.checked_in_at = given.checked_in_at or report.checked_in_at
    if given.checked_out_at is not None and (given.finish or report.is_finished):
        report.checked_out_at = given.checked_out_at
    elif given.finish and not report.is_finished:
        report.checked_out_at = max(now, report.checked_in_at or now)
    giving.times(report.checked_in_at, report.checked_out_at, now=max(now, report.checked_out_at or now))
    report.checklist = [asdict(step) for step in given.checklist]
    report.notes = given.notes.strip()
    report.signed_by = given.signed_by.strip()
    if signature:
        if report.signature:
            transaction.on_commit(partial(default_storage.delete, report.signature), robust=True)
        report.signature = signature


def _write_rows(report: VisitReport, given: ReportGiven, assets: dict[UUID, Asset]) -> None:
    """The rows as given. A reading keeps the limits that hold now."""
    report.readings.all().delete()
    report.doses.all().delete()
    Reading.objects.bulk_create(
        Reading(
            report=report,
            asset=assets.get(row.asset) if row.asset else None,
            kind=row.kind,
            value=row.value,
            low=kinds.READINGS[row.kind].low,
            high=kinds.READINGS[row.kind].high,
        )
        for row in given.readings
    )
    Dose.objects.bulk_create(
        Dose(
            report=report,
            asset=assets.get(row.asset) if row.asset else None,
            product=row.product.strip(),
            amount=row.amount,
            unit=row.unit,
        )
        for row in given.doses
    )


def _start(appointment: Appointment, actor: Member | None, at: datetime) -> None:
    if appointment.status in _BEFORE:
        scheduling.start_appointment(appointment, actor=actor, at=at)


def _save(report: VisitReport) -> None:
    if not report._state.adding:
        report.version += 1
    report.save()
