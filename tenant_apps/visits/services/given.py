"""What a report is made of, and whether it can be. Each check raises FieldError with the field it is about."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.utils.translation import gettext as _

from shared_apps.core.errors import FieldError
from tenant_apps.clients.models import Asset
from tenant_apps.scheduling.models import Appointment
from tenant_apps.visits import kinds

MOST_STEPS, MOST_READINGS, MOST_DOSES = 100, 200, 100
MOST_TEXT, MOST_NAME, MOST_LABEL, MOST_NOTE, MOST_PRODUCT = 5000, 120, 200, 500, 80
MOST_DOSE = Decimal(100_000)
CLOCKS_DIFFER = timedelta(minutes=10)  # phones' clocks are not ours
LATEST = timedelta(days=90)  # how long a phone may have been without signal


@dataclass(frozen=True, slots=True)
class Done:
    """A step of the checklist."""

    label: str
    done: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class ReadingGiven:
    kind: str
    value: Decimal
    asset: UUID | None = None


@dataclass(frozen=True, slots=True)
class DoseGiven:
    product: str
    amount: Decimal
    unit: str = "g"
    asset: UUID | None = None


@dataclass(frozen=True, slots=True)
class ReportGiven:
    """All of a report. `signature` is a PNG as a data URL; None leaves the one that is there."""

    checked_in_at: datetime | None = None
    checked_out_at: datetime | None = None
    checklist: Sequence[Done] = ()
    readings: Sequence[ReadingGiven] = ()
    doses: Sequence[DoseGiven] = ()
    notes: str = ""
    signed_by: str = ""
    signature: str | None = None
    finish: bool = False

    def digest(self) -> str:
        """The same for the same content, however often and from wherever it is sent."""
        text = json.dumps(asdict(self), cls=DjangoJSONEncoder, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


def check(given: ReportGiven, appointment: Appointment, *, now: datetime) -> dict[UUID, Asset]:
    """The assets that it names. Raises FieldError."""
    times(given.checked_in_at, given.checked_out_at, now=now)
    _most(given.checklist, MOST_STEPS, "checklist")
    _most(given.readings, MOST_READINGS, "readings")
    _most(given.doses, MOST_DOSES, "doses")
    text(given.notes, MOST_TEXT, "notes")
    text(given.signed_by, MOST_NAME, "signed_by")
    for at, step in enumerate(given.checklist):
        text(step.label, MOST_LABEL, f"checklist.{at}.label", needed=True)
        text(step.note, MOST_NOTE, f"checklist.{at}.note")
    assets = _assets(given, appointment)
    seen: set[tuple[UUID | None, str]] = set()
    for at, reading in enumerate(given.readings):
        _reading(reading, f"readings.{at}", assets)
        if (reading.asset, reading.kind) in seen:
            raise FieldError(f"readings.{at}.kind", _("This is measured twice."), "twice")
        seen.add((reading.asset, reading.kind))
    for at, dose in enumerate(given.doses):
        _dose(dose, f"doses.{at}", assets)
    return assets


def times(checked_in_at: datetime | None, checked_out_at: datetime | None, *, now: datetime) -> None:
    for field, at in (("checked_in_at", checked_in_at), ("checked_out_at", checked_out_at)):
        if at is not None and not now - LATEST <= at <= now + CLOCKS_DIFFER:
            raise FieldError(field, _("This time is in the future or too long ago."), "out_of_range")
    if checked_in_at is not None and checked_out_at is not None and checked_out_at < checked_in_at:
        raise FieldError("checked_out_at", _("The time out comes after the time in."), "end_before_start")


def text(value: str, most: int, field: str, *, needed: bool = False) -> None:
    if len(value) > most or "\x00" in value:
        raise FieldError(field, _("At most %(limit)s characters.") % {"limit": most}, "max_length")
    if needed and not value.strip():
        raise FieldError(field, _("This field may not be blank."), "blank")


def _most(rows: Sequence[object], most: int, field: str) -> None:
    if len(rows) > most:
        raise FieldError(field, _("At most %(most)s lines.") % {"most": most}, "too_many")


def _assets(given: ReportGiven, appointment: Appointment) -> dict[UUID, Asset]:
    named = [row.asset for row in given.readings] + [row.asset for row in given.doses]
    wanted = {pk for pk in named if pk is not None}
    if not wanted:
        return {}
    rows = Asset.objects.filter(pk__in=wanted, place__client=appointment.client_id).select_related("place")
    return {asset.pk: asset for asset in rows}


def _reading(reading: ReadingGiven, field: str, assets: Collection[UUID]) -> None:
    kind = kinds.READINGS.get(reading.kind)
    if kind is None:
        raise FieldError(f"{field}.kind", _("We do not know what this measures."), "unknown_kind")
    _asset(reading.asset, field, assets)
    if not (reading.value.is_finite() and kind.least <= reading.value <= kind.most):
        limits = {"label": kind.label, "least": kind.least, "most": kind.most}
        message = _("%(label)s is a number from %(least)s to %(most)s.") % limits
        raise FieldError(f"{field}.value", message, "out_of_range")
    _places(reading.value, f"{field}.value")


def _dose(dose: DoseGiven, field: str, assets: Collection[UUID]) -> None:
    text(dose.product, MOST_PRODUCT, f"{field}.product", needed=True)
    _asset(dose.asset, field, assets)
    if dose.unit not in kinds.UNITS:
        raise FieldError(f"{field}.unit", _("We do not know this unit."), "unknown_unit")
    if not (dose.amount.is_finite() and 0 < dose.amount <= MOST_DOSE):
        message = _("An amount above 0, up to %(most)s.") % {"most": MOST_DOSE}
        raise FieldError(f"{field}.amount", message, "out_of_range")
    _places(dose.amount, f"{field}.amount")


def _asset(asset: UUID | None, field: str, assets: Collection[UUID]) -> None:
    if asset is not None and asset not in assets:
        raise FieldError(f"{field}.asset", _("This is not at this client's place."), "unknown_asset")


def _places(value: Decimal, field: str) -> None:
    exponent = value.normalize().as_tuple().exponent
    if isinstance(exponent, int) and exponent < -3:
        raise FieldError(field, _("At most three decimal places."), "too_precise")
