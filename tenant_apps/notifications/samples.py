"""An invented client, for looking at a text before anybody gets it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal

from django.utils.translation import gettext as _

from shared_apps.core import formats
from tenant_apps.notifications.events import Event
from tenant_apps.notifications.rendering import render, unknown
from tenant_apps.notifications.values import Money, Value, packed, written

DAY = date(2026, 12, 10)


@dataclass(frozen=True, slots=True)
class Preview:
    subject: str
    body: str
    unknown: list[str]


def previewed(event: Event, subject: str, body: str, *, locale: str, firm: str) -> Preview:
    with formats.reading(locale=locale):
        values = written(packed(_values())) | {"firm": firm, "link": "https://…"}
        wrong = unknown(f"{subject}\n{body}", event.words)
        return Preview(" ".join(render(subject, values).split()), render(body, values), wrong)


def _values() -> dict[str, Value]:
    return {
        "name": "Rosa Lima",
        "client_name": "Rosa Lima",
        "date": DAY,
        "time": time(9),
        "place": "Rua das Palmeiras, 120, Campinas",
        "professionals": "João Silva",
        "services": _("Pool cleaning"),
        "reason": _("It rains too hard."),
        "description": _("Pool cleaning, December"),
        "amount": Money(Decimal("320.00")),
        "due_date": DAY,
        "paid_on": DAY,
    }
