"""What happened to an appointment or a contract, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_date, parse_datetime
from django.utils.functional import Promise
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shared_apps.core import formats
from shared_apps.organizations import current
from tenant_apps.activity.models import Activity
from tenant_apps.clients.timeline import Entry
from tenant_apps.scheduling.models import Appointment

TONES = {"pending": "warning", "confirmed": "info", "under_way": "info", "done": "success", "no_show": "danger"}
TEXTS: dict[str, str | Promise] = {
    "appointment.created": gettext_lazy("Booked"),
    "appointment.updated": gettext_lazy("Details changed"),
    "appointment.cancelled": gettext_lazy("Called off"),
    "appointment.restored": gettext_lazy("Stands again"),
    "appointment.confirmed": gettext_lazy("Confirmed"),
    "appointment.started": gettext_lazy("Begun"),
    "appointment.done": gettext_lazy("Done"),
    "appointment.no_show": gettext_lazy("Nobody was there"),
    "appointment.reopened": gettext_lazy("Opened again"),
    "contract.created": gettext_lazy("Agreed"),
    "contract.updated": gettext_lazy("Details changed"),
    "contract.split": gettext_lazy("Goes on as another contract"),
    "contract.paused": gettext_lazy("Paused"),
    "contract.varied": gettext_lazy("Season added"),
    "contract.resumed": gettext_lazy("Taken up again"),
    "contract.variation_removed": gettext_lazy("Pause or season taken away"),
}
LABELS: dict[str, str | Promise] = {
    "starts_at": gettext_lazy("Start"),
    "ends_at": gettext_lazy("End"),
    "arrival_until": gettext_lazy("Arrival until"),
    "notes": gettext_lazy("Notes"),
    "price": gettext_lazy("Price"),
    "professionals": gettext_lazy("Who goes"),
    "lines": gettext_lazy("Services"),
    "status": gettext_lazy("Status"),
    "reason": gettext_lazy("Reason"),
    "title": gettext_lazy("Title"),
    "rrule": gettext_lazy("Rule"),
    "starts_on": gettext_lazy("From"),
    "ends_on": gettext_lazy("Until"),
    "time": gettext_lazy("Start"),
    "duration_minutes": gettext_lazy("Duration in minutes"),
    "arrival_minutes": gettext_lazy("Arrival window in minutes"),
    "billing_day": gettext_lazy("Due day of the month"),
}
_SAID_WITH = (".cancelled", ".paused", ".varied", ".split")  # what was given, besides what was changed


def entries(found: Iterable[Activity]) -> list[Entry]:
    return [
        Entry(
            text=str(TEXTS.get(one.verb, one.verb)),
            changes=list(_changes(one)),
            by=str(one.actor) if one.actor else _("Colmeia"),
            at=one.at,
        )
        for one in found
    ]


def _changes(one: Activity) -> Iterable[str]:
    before: Mapping[str, Any] = one.before
    after: Mapping[str, Any] = one.after
    if not one.verb.endswith((".updated", *_SAID_WITH)):
        return
    for name, label in LABELS.items():
        old, new = _text(name, before.get(name)), _text(name, after.get(name))
        if old != new:
            yield f"{label}: {old} → {new}" if old and new else f"{label}: {new or _('removed')}"


def _text(name: str, value: Any) -> str:
    if value in (None, "", []):
        return ""
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if name == "status" and value in Appointment.Status.values:
        return str(Appointment.Status(value).label)
    if name.endswith(("_at", "_until")) and (at := parse_datetime(str(value))):
        return _moment(at)
    if name.endswith("_on") and (day := parse_date(str(value)[:10])):
        return str(formats.date(day))
    return Truncator(str(value)).chars(80)


def _moment(at: datetime) -> str:
    return str(formats.date_time(at.astimezone(current.zone())))
