"""What was done at each visit: readings (now and then out of limits), doses, who signed, and the log books."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from shared_apps.core import bulk
from tenant_apps.dashboard.demo.routes import Status, Visit
from tenant_apps.visits.models import Dose, Reading, VisitReport

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
            readings += found
            doses += [dose for reading in found for dose in _doses(chance, report, reading)]
    bulk.insert(reports)
    bulk.insert(readings)
    bulk.insert(doses)


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
                    amount=chance.randint(8, 40) * 10,
                )
            ]
        case "ph" if reading.value > Decimal("7.6"):
            return [
                Dose(
                    report=report,
                    asset_id=reading.asset_id,
                    product="Redutor de pH",
                    amount=chance.randint(10, 30) * 10,
                    unit="ml",
                )
            ]
        case "alkalinity" if reading.value < 90:
            return [
                Dose(
                    report=report,
                    asset_id=reading.asset_id,
                    product="Elevador de alcalinidade",
                    amount=chance.randint(20, 60) * 10,
                )
            ]
    return []
