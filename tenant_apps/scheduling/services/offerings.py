"""What is sold."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from shared_apps.core.errors import FieldError
from tenant_apps.activity import services as activity
from tenant_apps.clients.services.locks import locked
from tenant_apps.scheduling import guards
from tenant_apps.scheduling.errors import OfferingInUse
from tenant_apps.scheduling.models import Line, Offering
from tenant_apps.scheduling.readings import READINGS
from tenant_apps.team.models import Member

FIELDS = ("name", "description", "duration_minutes", "price", "colour", "checklist", "readings", "is_active")
MOST_STEPS = 60
MOST_READINGS = 30
_COLOUR = re.compile(r"#[0-9a-f]{6}")


@transaction.atomic
def create_offering(*, actor: Member | None, **fields: Any) -> Offering:
    """Raises FieldError."""
    offering = Offering(**fields)
    _tidy(offering, had=())
    offering.save(force_insert=True)
    activity.record(actor, "offering.created", offering, after=_snapshot(offering))
    return offering


@transaction.atomic
def update_offering(
    offering: Offering, *, actor: Member | None, expected: Collection[int] | None = None, **changes: Any
) -> Offering:
    """What was booked keeps the price it was booked at. Raises NotThere, Stale, FieldError."""
    offering = locked(Offering, offering.pk, expected=expected)
    before = _snapshot(offering)
    for name, value in changes.items():
        setattr(offering, name, value)
    _tidy(offering, had=before["readings"])
    after = _snapshot(offering)
    if after != before:
        offering.version += 1
        offering.save(update_fields=[*FIELDS, "version", "updated_at"])
        activity.record(actor, "offering.updated", offering, before=before, after=after)
    return offering


@transaction.atomic
def remove_offering(offering: Offering, *, actor: Member | None, expected: Collection[int] | None = None) -> None:
    """Raises NotThere, Stale, OfferingInUse."""
    offering = locked(Offering, offering.pk, expected=expected)
    if Line.objects.filter(Q(offering=offering)).exists():
        raise OfferingInUse
    activity.record(actor, "offering.removed", offering, before=_snapshot(offering))
    offering.delete()


def _snapshot(offering: Offering) -> dict[str, Any]:
    return {name: getattr(offering, name) for name in FIELDS}


def _tidy(offering: Offering, *, had: Collection[str]) -> None:
    """`had`: readings that it may keep although we no longer know them."""
    offering.name = " ".join(guards.text(offering.name, "name", most=120).split())
    if not offering.name:
        raise FieldError("name", _("This field may not be blank."), "blank")
    offering.description = guards.text(offering.description, "description")
    offering.duration_minutes = guards.minutes(offering.duration_minutes, "duration_minutes")
    offering.price = guards.amount(offering.price, "price")
    offering.colour = offering.colour.strip().lower()
    if not _COLOUR.fullmatch(offering.colour):
        raise FieldError("colour", _("A colour such as #b45309."), "invalid_colour")
    steps = [" ".join(step.split()) for step in offering.checklist]
    offering.checklist = [step for step in dict.fromkeys(steps) if step]
    if len(offering.checklist) > MOST_STEPS or any(len(step) > 160 for step in offering.checklist):
        limits = {"steps": MOST_STEPS, "limit": 160}
        message = _("At most %(steps)s steps of %(limit)s characters.") % limits
        raise FieldError("checklist", message, "too_many")
    offering.readings = list(dict.fromkeys(offering.readings))
    if len(offering.readings) > MOST_READINGS or not {*READINGS, *had} >= set(offering.readings):
        raise FieldError("readings", _("There is no such reading."), "unknown_reading")
