"""What an appointment or a contract must be, before anything is written. Each raises FieldError with the field."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from uuid import UUID

from django.utils.translation import gettext as _

from shared_apps.core.errors import FieldError
from tenant_apps.clients.models import Asset, Client, Place
from tenant_apps.scheduling.models import Line, Offering
from tenant_apps.team.models import Member

LONGEST = timedelta(hours=24)
HORIZON_DAYS = 5 * 366
MOST_MEMBERS = 20
MOST_LINES = 50
HIGHEST_PRICE = Decimal("9999999.99")
HIGHEST_QUANTITY = Decimal("10000.00")
MOST_MINUTES = 24 * 60
NOTES = 5000
CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class LineGiven:
    """One thing to do: an offering, on an asset of the place or on none. Without a price: the offering's."""

    offering_id: UUID
    asset_id: UUID | None = None
    quantity: Decimal | int = 1
    price: Decimal | None = None


def times(starts_at: datetime, ends_at: datetime, arrival_until: datetime | None, *, now: datetime) -> None:
    if ends_at <= starts_at:
        raise FieldError("ends_at", _("The end comes after the start."), "end_before_start")
    if ends_at - starts_at > LONGEST:
        raise FieldError("ends_at", _("An appointment lasts at most 24 hours."), "too_long")
    day_within(starts_at.date(), "starts_at", today=now.date())
    if arrival_until is not None and not starts_at <= arrival_until <= ends_at:
        message = _("The arrival window lies between the start and the end.")
        raise FieldError("arrival_until", message, "outside_appointment")


def day_within(day: date, field: str, *, today: date) -> None:
    if abs((day - today).days) > HORIZON_DAYS:
        raise FieldError(field, _("Choose a day within five years of today."), "too_far")


def amount(value: Decimal | int, field: str, *, most: Decimal = HIGHEST_PRICE, positive: bool = False) -> Decimal:
    """Money or a quantity: finite, not negative, two places. Raises FieldError."""
    try:
        given = Decimal(value)
        low = CENT if positive else Decimal(0)
        if given.is_finite() and low <= given <= most:
            return given.quantize(CENT)
    except (InvalidOperation, TypeError, ValueError):
        pass
    limits = {"low": "0.01" if positive else "0", "most": most}
    raise FieldError(field, _("An amount from %(low)s to %(most)s.") % limits, "out_of_range")


def minutes(value: int, field: str, *, least: int = 5) -> int:
    if not least <= value <= MOST_MINUTES:
        limits = {"least": least, "most": MOST_MINUTES}
        raise FieldError(field, _("From %(least)s to %(most)s minutes.") % limits, "out_of_range")
    return value


def place_of(client: Client, place: Place | UUID | None) -> Place | None:
    """The place, if it is the client's."""
    if place is None:
        return None
    pk = place.pk if isinstance(place, Place) else place
    found = Place.objects.filter(pk=pk, client=client).first()
    if found is None:
        raise FieldError("place", _("This is not a place of this client."), "unknown_place")
    return found


def members(member_ids: Iterable[UUID], *, locked: bool = True) -> list[Member]:
    """Those who go, each once, in one order; locked, so that two who book the same person wait for each other and the
    second sees what the first did, instead of both running into the constraint (where PostgreSQL finds a deadlock).
    """
    wanted = sorted(set(member_ids))
    if len(wanted) > MOST_MEMBERS:
        raise FieldError("member_ids", _("At most %(most)s professionals.") % {"most": MOST_MEMBERS}, "too_many")
    rows = Member.objects.filter(pk__in=wanted).order_by("pk")
    found = list(rows.select_for_update(no_key=True) if locked else rows) if wanted else []
    if len(found) != len(wanted):
        raise FieldError("member_ids", _("One of the professionals is not in the team."), "unknown_member")
    for member in found:
        if not member.is_active:
            message = _("%(name)s is not in the team any more.") % {"name": member}
            raise FieldError("member_ids", message, "inactive_member")
    return found


def lines(given: Sequence[LineGiven], client: Client, place: Place | None, *, kept: Sequence[Line] = ()) -> list[Line]:
    """What is to be done, checked. An offering that is no longer offered stays where it was (`kept`)."""
    if len(given) > MOST_LINES:
        raise FieldError("lines", _("At most %(most)s lines.") % {"most": MOST_LINES}, "too_many")
    if not given:
        return []
    offerings = {row.pk: row for row in Offering.objects.filter(pk__in=[line.offering_id for line in given])}
    wanted_assets = {line.asset_id for line in given if line.asset_id}
    assets = {row.pk: row for row in Asset.objects.filter(pk__in=wanted_assets, place__client=client) if wanted_assets}
    made = []
    for position, line in enumerate(given):
        offering = offerings.get(line.offering_id)
        if offering is None:
            raise FieldError(f"lines.{position}.offering", _("There is no such offering."), "unknown_offering")
        if not offering.is_active and offering.pk not in {row.offering_id for row in kept}:
            raise FieldError(f"lines.{position}.offering", _("This is no longer offered."), "not_offered")
        asset = assets.get(line.asset_id) if line.asset_id else None
        if line.asset_id and (asset is None or (place is not None and asset.place_id != place.pk)):
            raise FieldError(f"lines.{position}.asset", _("This is not at this client's place."), "unknown_asset")
        quantity = amount(line.quantity, f"lines.{position}.quantity", most=HIGHEST_QUANTITY, positive=True)
        price = amount(offering.price if line.price is None else line.price, f"lines.{position}.price")
        made.append(Line(offering=offering, asset=asset, quantity=quantity, price=price, position=position))
    return made


def total(rows: Iterable[Line]) -> Decimal:
    """What the lines cost together, half a cent to the even one."""
    return sum((Decimal(row.quantity) * Decimal(row.price) for row in rows), Decimal(0)).quantize(CENT)


def text(value: str, field: str, *, most: int = NOTES) -> str:
    if "\x00" in value or len(value) > most:
        raise FieldError(field, _("At most %(limit)s characters.") % {"limit": most}, "max_length")
    return value.strip()
