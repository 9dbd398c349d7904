"""What is measured and given at a visit: readings are those of the offerings, doses have units of their own."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tenant_apps.scheduling.readings import READINGS, Kind, label_of, unit_of

__all__ = ["READINGS", "UNITS", "Kind", "dose_unit", "label_of", "unit_of"]

UNITS: dict[str, str | Promise] = {
    "g": "g",
    "kg": "kg",
    "ml": "ml",
    "l": "L",
    "tablet": _("tablets"),
    "unit": _("units"),
}


def dose_unit(unit: str) -> str:
    return str(UNITS.get(unit, unit))
