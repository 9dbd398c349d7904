"""What is measured in water: units, steps, the limits that are good (outside we warn) and those that can be at all.

Limits follow ABNT NBR 10818 and 10339 where these say something, else what the trade works with.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


@dataclass(frozen=True, slots=True)
class Kind:
    """`low` and `high`: the good range. Outside of `least` and `most` is what no water has, so it was mistyped."""

    label: str | Promise
    unit: str
    step: Decimal
    low: Decimal | None
    high: Decimal | None
    least: Decimal
    most: Decimal


def _kind(label: Promise, unit: str, step: str, low: str, high: str, least: str, most: str) -> Kind:
    good = [Decimal(text) if text else None for text in (low, high)]
    return Kind(label, unit, Decimal(step), good[0], good[1], Decimal(least), Decimal(most))


READINGS: dict[str, Kind] = {
    "ph": _kind(gettext_lazy("pH"), "", "0.1", "7.2", "7.8", "0", "14"),
    "free_chlorine": _kind(gettext_lazy("Free chlorine"), "mg/L", "0.1", "0.8", "3", "0", "50"),
    "total_chlorine": _kind(gettext_lazy("Total chlorine"), "mg/L", "0.1", "", "3.5", "0", "60"),
    "combined_chlorine": _kind(gettext_lazy("Combined chlorine"), "mg/L", "0.1", "", "0.5", "0", "50"),
    "bromine": _kind(gettext_lazy("Bromine"), "mg/L", "0.1", "2", "4", "0", "50"),
    "alkalinity": _kind(gettext_lazy("Total alkalinity"), "mg/L", "10", "80", "120", "0", "1000"),
    "hardness": _kind(gettext_lazy("Calcium hardness"), "mg/L", "10", "200", "400", "0", "3000"),
    "cyanuric_acid": _kind(gettext_lazy("Cyanuric acid"), "mg/L", "5", "30", "50", "0", "500"),
    "salt": _kind(gettext_lazy("Salt"), "mg/L", "100", "2700", "4000", "0", "60000"),
    "temperature": _kind(gettext_lazy("Temperature"), "°C", "0.5", "", "40", "-5", "60"),
    "turbidity": _kind(gettext_lazy("Turbidity"), "NTU", "0.1", "", "1", "0", "1000"),
    "orp": _kind(gettext_lazy("Redox potential"), "mV", "10", "650", "800", "-1000", "1200"),
    "tds": _kind(gettext_lazy("Dissolved solids"), "mg/L", "50", "", "2000", "0", "60000"),
    "phosphate": _kind(gettext_lazy("Phosphate"), "mg/L", "0.05", "", "0.1", "0", "50"),
    "copper": _kind(gettext_lazy("Copper"), "mg/L", "0.1", "", "1", "0", "50"),
    "iron": _kind(gettext_lazy("Iron"), "mg/L", "0.1", "", "0.3", "0", "50"),
}


def label_of(key: str) -> str:
    """What people call it; a kind that we no longer know by its key."""
    return str(READINGS[key].label) if key in READINGS else key


def unit_of(key: str) -> str:
    return READINGS[key].unit if key in READINGS else ""


def ranged(kind: Kind) -> str:
    """The good range with its unit: "0.8 to 3 mg/L"."""
    low, high = (number and _plain(number) for number in (kind.low, kind.high))
    if low and high:
        said = _("%(low)s to %(high)s") % {"low": low, "high": high}
    elif high:
        said = _("up to %(high)s") % {"high": high}
    else:
        said = _("from %(low)s") % {"low": low} if low else ""
    return f"{said} {kind.unit}".strip()


def _plain(number: Decimal) -> str:
    return formats.number_format(number.normalize() if number % 1 else number.quantize(Decimal(1)))
