"""What was done at each visit: readings (now and then out of limits), doses, who signed, and the log books."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, cast
from uuid import UUID

from shared_apps.core import bulk
from tenant_apps.clients.models import Asset
from tenant_apps.dashboard.demo.routes import Status, Visit
from tenant_apps.visits.models import Dose, LogRow, Reading, VisitReport
from tenant_apps.visits.services import log_book

# kind: usual value, how far it goes, its limits, decimals
USUAL = {
    "ph": (7.4, 0.22, "7.2", "7.8", 1),
    "free_chlorine": (2.0, 0.7, "1", "3", 1),
    "alkalinity": (100, 14, "80", "120", 0),
    "temperature": (27.5, 1.6, "24", "32", 1),
}
NOTES = (
    "",
    "",
    "",
    "Água clara.",
    "Filtro com pressão alta, lavado.",
    "Muita folha depois do vento.",
    "Nível baixo, avisei.",
)
SIGNERS = ("Zelador João", "Portaria", "Síndica Vera", "Gerente de plantão")


def write(chance: random.Random, visits: list[Visit], *, since: datetime) -> None:
    reports, readings, doses = [], [], []
    books = LogBooks()
    for visit in visits:
        appointment = visit.appointment
        if appointment.status != Status.DONE or not visit.stands or appointment.starts_at < since:
            continue
        came = appointment.starts_at + timedelta(minutes=chance.randint(-5, 12))
        report = VisitReport(
            appointment=appointment,
            by=visit.member,
            checked_in_at=came,
            checked_out_at=came + timedelta(minutes=chance.randint(32, 58)),
            checklist=[
                {"label": label, "done": chance.random() > 0.04, "note": ""} for label in visit.offering.checklist
            ],
            notes=chance.choice(NOTES),
            signed_by=chance.choice(SIGNERS) if visit.route and visit.route.is_collective else "",
        )
        reports.append(report)
        for asset in visit.assets[:2]:
            found = [_reading(chance, report, asset.pk, kind) for kind in visit.offering.readings]
            given = [dose for reading in found for dose in _doses(chance, report, reading)]
            readings += found
            doses += given
            if visit.route and visit.route.is_collective:
                books.note(report, asset, str(visit.member), found, given)
    bulk.insert(reports)
    bulk.insert(readings)
    bulk.insert(doses)
    bulk.insert(books.sealed())


class LogBooks:
    """The books of the collective pools: a row for each visit, sealed in the order in which they were finished."""

    def __init__(self) -> None:
        self.noted: list[tuple[datetime, VisitReport, Asset, dict[str, Any]]] = []

    def note(
        self, report: VisitReport, asset: Asset, technician: str, readings: list[Reading], doses: list[Dose]
    ) -> None:
        ordered = sorted(readings, key=lambda one: one.kind)
        content = log_book.written(report, asset, technician=technician, readings=ordered, doses=doses)
        self.noted.append((cast(datetime, report.checked_out_at), report, asset, content))

    def sealed(self) -> list[LogRow]:
        last: dict[UUID, LogRow] = {}
        rows = []
        for at, report, asset, content in sorted(self.noted, key=lambda one: (one[0], one[2].pk)):
            before = last.get(asset.pk)
            number, seal = (before.number + 1, before.hash) if before else (1, log_book.START)
            seal = log_book.seal(seal, asset_id=asset.pk, number=number, at=at, content=content)
            row = LogRow(asset=asset, number=number, at=at, content=content, report_id=report.pk, hash=seal)
            last[asset.pk] = row
            rows.append(row)
        return rows


def _reading(chance: random.Random, report: VisitReport, asset: UUID, kind: str) -> Reading:
    usual, spread, low, high, places = USUAL[kind]
    value = round(max(0.0, chance.gauss(usual, spread)), places)
    return Reading(
        report=report, asset_id=asset, kind=kind, value=Decimal(str(value)), low=Decimal(low), high=Decimal(high)
    )


def _doses(chance: random.Random, report: VisitReport, reading: Reading) -> list[Dose]:
    """What the reading asked for."""
    match reading.kind:
        case "free_chlorine" if reading.value < 2:
            return [
                Dose(
                    report=report,
                    asset_id=reading.asset_id,
                    product="Cloro granulado",
                    amount=Decimal(chance.randint(8, 40) * 10),
                )
            ]
        case "ph" if reading.value > Decimal("7.6"):
            return [
                Dose(
                    report=report,
                    asset_id=reading.asset_id,
                    product="Redutor de pH",
                    amount=Decimal(chance.randint(10, 30) * 10),
                    unit="ml",
                )
            ]
        case "alkalinity" if reading.value < 90:
            return [
                Dose(
                    report=report,
                    asset_id=reading.asset_id,
                    product="Elevador de alcalinidade",
                    amount=Decimal(chance.randint(20, 60) * 10),
                )
            ]
    return []
