"""What happened to an entry, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shared_apps.core import formats
from shared_apps.organizations import current
from tenant_apps.activity.queries import activity_of
from tenant_apps.finance.models import Entry, Method

LONGEST = 50
TEXTS = {
    "entry.created": gettext_lazy("Written down"),
    "entry.imported": gettext_lazy("Imported"),
    "entry.updated": gettext_lazy("Changed"),
    "entry.cancelled": gettext_lazy("Cancelled"),
    "entry.restored": gettext_lazy("Due again"),
    "payment.recorded": gettext_lazy("Payment recorded"),
    "payment.reversed": gettext_lazy("Payment reversed"),
    "link.made": gettext_lazy("Link for the client made"),
    "link.revoked": gettext_lazy("Links withdrawn"),
    "charge.asked": gettext_lazy("Charge by Asaas asked for"),
    "charge.withdrawn": gettext_lazy("Charge by Asaas withdrawn"),
    "charge.settled": gettext_lazy("Money at Asaas settled by hand"),
    "file.added": gettext_lazy("File added"),
    "file.removed": gettext_lazy("File removed"),
    "file.restored": gettext_lazy("File restored"),
}
_SHOWN = (
    "description",
    "amount",
    "due_on",
    "issued_on",
    "discount",
    "late_fee",
    "interest",
    "party",
    "reason",
    "method",
)
_MONEY = ("amount", "discount")


@dataclass(frozen=True, slots=True)
class Told:
    text: str
    changes: list[str]
    by: str
    at: datetime


def told(entry: Entry) -> list[Told]:
    """Newest first; the last LONGEST things."""
    currency = current.currency()
    return [
        Told(
            text=str(TEXTS.get(one.verb, one.verb)),
            changes=[] if one.verb == "entry.created" else list(_changes(one.before, one.after, currency)),
            by=str(one.actor) if one.actor else _("Colmeia"),
            at=one.at,
        )
        for one in activity_of(entry)[:LONGEST]
    ]


def _changes(before: dict[str, Any], after: dict[str, Any], currency: str) -> list[str]:
    found = []
    for name in _SHOWN:
        old, new = _text(name, before.get(name), currency), _text(name, after.get(name), currency)
        if old == new:
            continue
        found.append(f"{_label(name)}: {old} → {new}" if old and new else f"{_label(name)}: {new or _('removed')}")
    return found


def _label(name: str) -> str:
    if name == "reason":
        return _("Reason")
    if name == "method":
        return _("Method")
    return capfirst(str(Entry._meta.get_field(name).verbose_name))  # type: ignore[union-attr] # a column's


def _text(name: str, value: Any, currency: str) -> str:
    if value in (None, ""):
        return ""
    if name in _MONEY:
        return formats.money(Decimal(str(value)), currency)
    if name.endswith("_on"):
        return formats.date(datetime.fromisoformat(str(value)).date())
    if name == "method":
        return str(Method(value).label) if value in Method.values else str(value)
    return str(value)
