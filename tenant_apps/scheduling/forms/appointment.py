"""Booking and changing an appointment in one page."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy

from shared_apps.core.errors import FieldError
from shared_apps.organizations import current
from shared_apps.web.forms import TextField
from tenant_apps.clients.models import Client
from tenant_apps.scheduling import guards, local
from tenant_apps.scheduling.forms.base import CalendarForm
from tenant_apps.scheduling.forms.fields import (
    day_field,
    lines_of,
    member_choices,
    place_choices,
    price_field,
    time_field,
    uuid_or_none,
)
from tenant_apps.scheduling.models import Appointment

SCOPES = [
    ("this", gettext_lazy("Only this visit")),
    ("following", gettext_lazy("This and those after it")),
    ("all", gettext_lazy("All visits to come")),
]


class AppointmentForm(CalendarForm):
    """`alternative` is a free time that was offered and chosen; it stands for day and time."""

    ALIASES = {"ends_at": "minutes", "arrival_until": "window"}

    day = day_field(label=gettext_lazy("Day"))
    starts_at = time_field(label=gettext_lazy("Start"))
    minutes = forms.IntegerField(
        label=gettext_lazy("Duration in minutes"), min_value=5, max_value=guards.MOST_MINUTES, initial=60
    )
    window = forms.IntegerField(
        label=gettext_lazy("Arrival window in minutes"),
        required=False,
        min_value=0,
        max_value=guards.MOST_MINUTES,
        help_text=gettext_lazy("The client is told “between 9:00 and 9:30” instead of a time."),
    )
    member_ids = forms.MultipleChoiceField(
        label=gettext_lazy("Who goes"), required=False, widget=forms.CheckboxSelectMultiple
    )
    place = forms.ChoiceField(label=gettext_lazy("Place"), required=False)
    price = price_field(
        label=gettext_lazy("Price"), required=False, help_text=gettext_lazy("Empty: what the services cost.")
    )
    status = forms.ChoiceField(
        label=gettext_lazy("Already confirmed with the client"),
        choices=[("pending", gettext_lazy("Not yet")), ("confirmed", gettext_lazy("Yes"))],
        required=False,
    )
    notes = TextField(limit=guards.NOTES, rows=3, label=gettext_lazy("Notes"), required=False)
    scope = forms.ChoiceField(
        label=gettext_lazy("What to change"), choices=SCOPES, required=False, widget=forms.RadioSelect, initial="this"
    )

    def __init__(
        self, data: Any = None, *, client: Client, appointment: Appointment | None = None, **options: Any
    ) -> None:
        super().__init__(data, **options)
        self.client, self.appointment = client, appointment
        booked = [row.member_id for row in appointment.bookings.all()] if appointment else []
        self.fields["member_ids"].choices = member_choices(booked)  # type: ignore[attr-defined] # a ChoiceField's
        places = place_choices(client)
        self.fields["place"].choices = places  # type: ignore[attr-defined]
        self.lines = lines_of(client, data, appointment.lines.all() if appointment else ())
        if appointment is not None:
            del self.fields["status"]
            self.initial = {**self.initial, **_shown(appointment, booked)}
        elif len(places) == 2:
            self.initial.setdefault("place", places[1][0])
        if appointment is None or appointment.contract_id is None:
            del self.fields["scope"]

    def is_valid(self) -> bool:
        return all([super().is_valid(), self.lines.is_valid()])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("day") and cleaned.get("starts_at"):
            try:
                start = local.typed(cleaned["day"], cleaned["starts_at"], field="starts_at")
                guards.day_within(cleaned["day"], "day", today=local.day_of(start))
                cleaned["start"] = start
            except FieldError as error:
                self.add_error(error.field, error.detail)
        return cleaned

    def values(self) -> dict[str, Any]:
        """As the services take it."""
        cleaned, start = self.cleaned_data, self.cleaned_data["start"]
        window = timedelta(minutes=cleaned["window"] or 0)
        values: dict[str, Any] = {
            "starts_at": start,
            "ends_at": start + timedelta(minutes=cleaned["minutes"]),
            "arrival_until": start + window if window else None,
            "member_ids": [UUID(one) for one in cleaned["member_ids"]],
            "place": uuid_or_none(cleaned["place"]),
            "price": cleaned["price"],
            "notes": cleaned["notes"],
        }
        if self.appointment is None:
            values["status"] = cleaned["status"] or Appointment.Status.PENDING
        else:
            values["scope"] = cleaned.get("scope") or "this"
            values = {name: value for name, value in values.items() if name not in self._untouched(values)}
        if self.appointment is None or self.lines.has_changed():
            values["lines"] = self.lines.given()
        return values

    def _untouched(self, values: dict[str, Any]) -> set[str]:
        """Of the whole series only what was touched is changed: times of one visit moved by itself are not all's."""
        of = {
            "starts_at": {"day", "starts_at"}, "ends_at": {"day", "starts_at", "minutes"},
            "arrival_until": {"day", "starts_at", "window"}, "member_ids": {"member_ids"}, "place": {"place"},
            "price": {"price"}, "notes": {"notes"},
        }  # fmt: skip
        return {name for name, fields in of.items() if name in values and not fields & set(self.changed_data)}


def _shown(appointment: Appointment, booked: list[UUID]) -> dict[str, Any]:
    where = current.zone()
    start: datetime = appointment.starts_at.astimezone(where)
    until = appointment.arrival_until
    return {
        "day": start.date(),
        "starts_at": start.time().replace(second=0, microsecond=0),
        "minutes": int((appointment.ends_at - appointment.starts_at).total_seconds() // 60),
        "window": int((until - appointment.starts_at).total_seconds() // 60) if until else None,
        "member_ids": [str(one) for one in booked],
        "place": str(appointment.place_id or ""),
        "price": appointment.price,
        "notes": appointment.notes,
    }
