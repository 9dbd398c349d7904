"""The log book of an asset: rows that are only ever added, each sealed with the one before it.

A row's hash is the SHA-256 of the hash before it and of the row's own content as canonical JSON. Whoever changes, takes
away or slips in a row breaks the chain from there on, unless they also change every row after it: and the last hash is
printed at the foot of each paper. A correction is a new row that says which one it corrects.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction

from tenant_apps.clients.models import Asset
from tenant_apps.visits.models import Dose, LogRow, Reading, VisitReport

START = "0" * 64
SHORT = 10  # characters of a hash that paper and page show


@dataclass(frozen=True, slots=True)
class Verification:
    """`broken`: the number of the first row that is not as it was written; None: all are."""

    rows: int
    last_hash: str
    broken: int | None

    @property
    def is_whole(self) -> bool:
        return self.broken is None


def seal(before: str, *, asset_id: UUID, number: int, at: datetime, content: dict[str, Any]) -> str:
    row = {"asset": str(asset_id), "number": number, "at": at.astimezone(UTC).isoformat(), "content": content}
    text = json.dumps(row, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(f"{before}{text}".encode()).hexdigest()


def verify(asset_id: UUID) -> Verification:
    """Reckon every seal anew."""
    before, count, broken = START, 0, None
    rows = LogRow.objects.filter(asset=asset_id).order_by("number")
    for row in rows.iterator(chunk_size=500):
        count += 1
        sealed = seal(before, asset_id=asset_id, number=row.number, at=row.at, content=row.content)
        if broken is None and (row.number != count or row.hash != sealed):
            broken = count
        before = row.hash
    return Verification(count, before if count else "", broken)


@transaction.atomic
def append(report: VisitReport, *, technician: str, now: datetime, assets: Collection[UUID]) -> list[LogRow]:
    """Write the report into the books of these assets: only what differs from its last row there."""
    if not assets:
        return []
    books = Asset.objects.select_for_update(no_key=True).filter(pk__in=assets).order_by("pk")
    made = []
    for asset in books.select_related("place"):
        content = content_of(report, asset, technician=technician)
        mine = LogRow.objects.filter(asset=asset, report_id=report.pk).order_by("-number").first()
        if mine is None and not content["readings"]:
            continue  # nothing was measured: the book tells of the water
        if mine is not None:
            if {**mine.content, "corrects": None} == content:
                continue
            content["corrects"] = mine.number
        last = LogRow.objects.filter(asset=asset).order_by("-number").first()
        number, before = (last.number + 1, last.hash) if last else (1, START)
        sealed = seal(before, asset_id=asset.pk, number=number, at=now, content=content)
        row = LogRow(asset=asset, number=number, at=now, content=content, report_id=report.pk, hash=sealed)
        row.save(force_insert=True)
        made.append(row)
    return made


def books_of(report: VisitReport) -> set[UUID]:
    """The assets in whose books the report stands."""
    return set(LogRow.objects.filter(report_id=report.pk).values_list("asset_id", flat=True))


def content_of(report: VisitReport, asset: Asset, *, technician: str) -> dict[str, Any]:
    readings = report.readings.filter(asset=asset).order_by("kind")
    doses = report.doses.filter(asset=asset).order_by("id")
    return written(report, asset, technician=technician, readings=readings, doses=doses)


def written(
    report: VisitReport, asset: Asset, *, technician: str, readings: Iterable[Reading], doses: Iterable[Dose]
) -> dict[str, Any]:
    """What a row says: `readings` by their kind, `doses` as they were given."""
    return {
        "asset": asset.name,
        "visited_at": _moment(report.checked_in_at),
        "left_at": _moment(report.checked_out_at),
        "technician": technician,
        "readings": [
            {"kind": one.kind, "value": plain(one.value), "low": plain(one.low), "high": plain(one.high)}
            for one in readings
        ],
        "doses": _doses((one.product, one.amount, one.unit) for one in doses),
        "notes": report.notes,
        "signed_by": report.signed_by,
        "corrects": None,
    }


def plain(value: Decimal | None) -> str | None:
    """The number in one form only: 7.40 and 7.4 are the same."""
    return None if value is None else f"{value.normalize():f}"


def _doses(rows: Iterable[tuple[str, Decimal, str]]) -> list[dict[str, str | None]]:
    return [{"product": product, "amount": plain(amount), "unit": unit} for product, amount, unit in rows]


def _moment(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat() if at else None
