"""A visit as the professional's phone shows it: everything that is needed on the spot, also without signal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import quote_plus
from uuid import UUID

from django.utils.translation import gettext as _

from shared_apps.core import formats
from tenant_apps.clients.models import Asset
from tenant_apps.files.models import Attachment
from tenant_apps.scheduling.history import TONES
from tenant_apps.scheduling.models import Appointment
from tenant_apps.visits import kinds, queries
from tenant_apps.visits.models import VisitReport
from tenant_apps.visits.services.log_book import plain

ICONS = {
    "pending": "clock",
    "confirmed": "check",
    "under_way": "player-play",
    "done": "circle-check",
    "no_show": "user-x",
}
BLANK_DOSES = 1


@dataclass(frozen=True, slots=True)
class Field:
    """One thing to measure. Numbers are as HTML takes them, with a point."""

    kind: str
    label: str
    unit: str
    good: str
    value: str
    step: str
    least: str
    most: str
    low: str
    high: str


@dataclass(frozen=True, slots=True)
class Measured:
    asset: Asset | None
    fields: Sequence[Field]


@dataclass(frozen=True, slots=True)
class Card:
    appointment: Appointment
    report: VisitReport | None
    address: str
    map: str
    chat: str
    tone: str
    icon: str
    offerings: str
    others: Sequence[str]
    measured: Sequence[Measured]
    steps: Sequence[Mapping[str, Any]]
    doses: Sequence[Mapping[str, Any]]
    assets: Sequence[Asset]
    photos: Mapping[str, Sequence[Attachment]]

    @property
    def is_open(self) -> bool:
        return self.appointment.status in {"pending", "confirmed", "under_way"}

    @property
    def checked_in_at(self) -> datetime | None:
        return self.report.checked_in_at if self.report else None


def cards(
    appointments: Sequence[Appointment],
    reports: Mapping[UUID, VisitReport],
    *,
    whose: UUID,
    photos: Mapping[UUID, Mapping[str, Sequence[Attachment]]],
) -> list[Card]:
    """`reports` by appointment, `photos` by report."""
    return [_card(one, reports.get(one.pk), whose=whose, photos=photos) for one in appointments]


def _card(
    appointment: Appointment,
    report: VisitReport | None,
    *,
    whose: UUID,
    photos: Mapping[UUID, Mapping[str, Sequence[Attachment]]],
) -> Card:
    where = address(appointment)
    groups = queries.groups_of(appointment)
    return Card(
        appointment=appointment,
        report=report,
        address=where,
        map=f"https://www.google.com/maps/dir/?api=1&destination={quote_plus(where)}" if where else "",
        chat=appointment.client.phone.lstrip("+"),
        tone=TONES.get(appointment.status, "neutral"),
        icon=ICONS.get(appointment.status, "clock"),
        offerings=", ".join(dict.fromkeys(line.offering.name for line in appointment.lines.all())),
        others=[str(row.member) for row in appointment.bookings.all() if row.member_id != whose],
        measured=_measured(groups, report),
        steps=_steps(queries.steps_of(appointment), report),
        doses=[
            {"product": dose.product, "amount": plain(dose.amount), "unit": dose.unit, "asset": dose.asset_id}
            for dose in (report.doses.all() if report else ())
        ],
        assets=[group.asset for group in groups if group.asset is not None],
        photos=photos.get(report.pk, {}) if report else {},
    )


def address(appointment: Appointment) -> str:
    """In one line, as a map finds it."""
    place = appointment.place
    if place is None:
        return ""
    line = " ".join(filter(None, [place.street, place.number]))
    return ", ".join(filter(None, [line, place.district, place.city_and_state]))


def _measured(groups: Sequence[queries.Group], report: VisitReport | None) -> list[Measured]:
    """What the offerings want, and what was measured beyond that."""
    known = {(one.asset_id, one.kind): one for one in (report.readings.all() if report else ())}
    wanted: dict[UUID | None, tuple[Asset | None, list[str]]] = {
        group.asset.pk if group.asset else None: (group.asset, list(group.kinds)) for group in groups
    }
    for (asset_id, kind), one in known.items():
        _asset, asked = wanted.setdefault(asset_id, (one.asset, []))
        if kind not in asked and kind in kinds.READINGS:
            asked.append(kind)
    return [
        Measured(asset, [_field(kind, known[pk, kind].value if (pk, kind) in known else None) for kind in asked])
        for pk, (asset, asked) in wanted.items()
        if asked
    ]


def _field(key: str, value: Decimal | None) -> Field:
    kind = kinds.READINGS[key]
    low, high = formats.number(kind.low), formats.number(kind.high)
    if low and high:
        good = _("good: %(low)s to %(high)s") % {"low": low, "high": high}
    else:
        good = _("good: from %(low)s") % {"low": low} if low else _("good: up to %(high)s") % {"high": high}
    return Field(
        kind=key,
        label=str(kind.label),
        unit=kind.unit,
        good=good,
        value=plain(value) or "",
        step=plain(kind.step) or "any",
        least=plain(kind.least) or "",
        most=plain(kind.most) or "",
        low=plain(kind.low) or "",
        high=plain(kind.high) or "",
    )


def _steps(wanted: Sequence[str], report: VisitReport | None) -> list[Mapping[str, Any]]:
    """The offerings' steps as they were ticked; steps that are no longer asked for stay as they were reported."""
    known = {step["label"]: step for step in (report.checklist if report else ()) if "label" in step}
    labels = [*wanted, *(label for label in known if label not in wanted)]
    return [known.get(label, {"label": label, "done": False, "note": ""}) for label in labels]
