"""The log book of a pool, as the health inspector asks for it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from reportlab.platypus import Flowable, Spacer

from shared_apps.core import formats
from shared_apps.core.papers import sheet
from shared_apps.core.papers.look import FAINT, SMALL, STRONG, TITLE
from shared_apps.core.papers.sheet import Firm, text
from tenant_apps.clients.models import Asset
from tenant_apps.visits import kinds
from tenant_apps.visits.models import LogRow
from tenant_apps.visits.services.log_book import SHORT, Verification


def log_book(
    asset: Asset, rows: Iterable[LogRow], *, firm: Firm, start: date | None, end: date | None, chain: Verification
) -> bytes:
    """`chain` is that of the whole book, whatever the period."""
    place = asset.place
    where = ", ".join(filter(None, [place.street, place.number, place.district, place.city_and_state]))
    story: list[Flowable] = [
        text(_("Log book: %(asset)s") % {"asset": asset.name}, TITLE),
        text(f"{place.client.name} · {where}" if where else place.client.name),
        text(_about(asset), FAINT),
        text(_period(start, end), FAINT),
        text(_said(chain), STRONG if chain.broken else FAINT),
        Spacer(1, 6),
    ]
    lines = [_line(row) for row in rows]
    if lines:
        head = [_("No."), _("Date and time"), _("Measured"), _("Products used"), _("By"), _("Seal")]
        story.append(sheet.table(head, lines, [6, 14, 28, 24, 16, 12]))
    else:
        story.append(text(_("Nothing was written in this period.")))
    foot = _("Last seal: %(hash)s") % {"hash": chain.last_hash or "–"}
    title = _("Log book: %(asset)s") % {"asset": asset.name}
    return sheet.build(story, firm=firm, title=title, context=f"{asset.name} · {place.client.name}", foot=foot)


def measured(content: dict[str, Any]) -> list[str]:
    """The readings of a row in words; what was outside its limits is marked."""
    said = []
    for one in content.get("readings", []):
        value = Decimal(one["value"])
        is_out = (one["low"] and value < Decimal(one["low"])) or (one["high"] and value > Decimal(one["high"]))
        amount = f"{formats.number(value)} {kinds.unit_of(one['kind'])}".strip()
        said.append(f"{kinds.label_of(one['kind'])}: {amount}{' (!)' if is_out else ''}")
    return said


def dosed(content: dict[str, Any]) -> list[str]:
    return [
        f"{one['product']}: {formats.number(Decimal(one['amount']))} {kinds.dose_unit(one['unit'])}"
        for one in content.get("doses", [])
    ]


def _line(row: LogRow) -> list[Any]:
    content = row.content
    visited = parse_datetime(content.get("visited_at") or "") or row.at
    number = str(row.number)
    if content.get("corrects"):
        number += "\n" + _("corrects %(number)s") % {"number": content["corrects"]}
    by = [content.get("technician", "")]
    if content.get("signed_by"):
        by.append(_("Signed: %(name)s") % {"name": content["signed_by"]})
    doses = dosed(content)
    if content.get("notes"):
        doses.append(content["notes"][:300])
    cells = [number, formats.date_time(visited), "\n".join(measured(content)), "\n".join(doses), "\n".join(by)]
    return [*(text(cell, SMALL) for cell in cells), text(row.hash[:SHORT], FAINT)]


def _about(asset: Asset) -> str:
    said = []
    if asset.volume_m3 is not None:
        said.append(f"{formats.number(asset.volume_m3)} m³")
    if asset.surface_m2 is not None:
        said.append(f"{formats.number(asset.surface_m2)} m²")
    if asset.filter:
        said.append(_("Filter: %(filter)s") % {"filter": asset.filter})
    return " · ".join(said)


def _period(start: date | None, end: date | None) -> str:
    if start and end:
        return _("From %(start)s to %(end)s") % {"start": formats.date(start), "end": formats.date(end)}
    if start:
        return _("From %(start)s") % {"start": formats.date(start)}
    return _("Until %(end)s") % {"end": formats.date(end)} if end else _("From the first row on")


def _said(chain: Verification) -> str:
    if chain.broken:
        return _("Row %(number)s is not as it was written.") % {"number": chain.broken}
    return _("All rows of the book are as they were written: %(count)s.") % {"count": chain.rows}
