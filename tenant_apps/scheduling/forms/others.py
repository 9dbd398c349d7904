"""Offerings, hours, days off, policy, cancelling."""

from __future__ import annotations

from datetime import time
from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shared_apps.web.forms import TextField
from tenant_apps.scheduling import guards, holiday, readings
from tenant_apps.scheduling.forms.base import CalendarForm
from tenant_apps.scheduling.forms.fields import day_field, member_choices, price_field, time_field
from tenant_apps.scheduling.models import Offering, SchedulePolicy, WorkingHours
from tenant_apps.scheduling.services.hours import Hours


class OfferingForm(CalendarForm):
    ALIASES = {"duration_minutes": "minutes"}

    name = TextField(limit=120, label=gettext_lazy("Name"))
    description = TextField(limit=guards.NOTES, rows=2, label=gettext_lazy("Description"), required=False)
    minutes = forms.IntegerField(
        label=gettext_lazy("Duration in minutes"), min_value=5, max_value=guards.MOST_MINUTES, initial=60
    )
    price = price_field(label=gettext_lazy("Price"), initial=0)
    colour = forms.CharField(
        label=gettext_lazy("Colour in the calendar"),
        max_length=7,
        initial="#b45309",
        widget=forms.TextInput(attrs={"type": "color"}),
    )
    checklist = forms.CharField(
        label=gettext_lazy("Checklist"),
        required=False,
        max_length=10_000,
        help_text=gettext_lazy("What is done at each visit, one step on each line."),
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    readings = forms.MultipleChoiceField(
        label=gettext_lazy("Readings"),
        required=False,
        help_text=gettext_lazy("What is measured at each visit. Outside of the range the report warns."),
        widget=forms.CheckboxSelectMultiple,
    )
    is_active = forms.BooleanField(label=gettext_lazy("Is offered"), required=False, initial=True)

    def __init__(self, data: Any = None, *, offering: Offering | None = None) -> None:
        super().__init__(data)
        kept = offering.readings if offering is not None else []
        known = [(key, _ranged(str(kind.label), readings.ranged(kind))) for key, kind in readings.READINGS.items()]
        known += [(key, key) for key in kept if key not in readings.READINGS]
        self.fields["readings"].choices = known  # type: ignore[attr-defined] # a ChoiceField's
        if offering is not None:
            names = ("name", "description", "price", "colour", "is_active")
            self.initial = {
                **{name: getattr(offering, name) for name in names},
                "minutes": offering.duration_minutes,
                "checklist": "\n".join(offering.checklist),
                "readings": kept,
            }

    def clean_checklist(self) -> list[str]:
        return self.cleaned_data["checklist"].splitlines()

    def values(self) -> dict[str, Any]:
        values = dict(self.cleaned_data)
        values["duration_minutes"] = values.pop("minutes")
        return values


def _ranged(label: str, said: str) -> str:
    return f"{label} · {said}" if said else label


class HoursForm(CalendarForm):
    """Two times for each day, so that there is room for lunch; an empty one counts for nothing."""

    def __init__(self, data: Any = None, *, rows: list[WorkingHours]) -> None:
        super().__init__(data)
        self.days: list[dict[str, Any]] = []
        for weekday, name in WEEKDAYS.items():
            own = [row for row in rows if row.weekday == weekday]
            for nth in range(2):
                row = own[nth] if nth < len(own) else None
                for end, value in (("starts", row and row.starts), ("ends", row and row.ends)):
                    label = _("%(day)s, from") if end == "starts" else _("%(day)s, until")
                    self.fields[f"{end}_{weekday}_{nth}"] = time_field(
                        label=label % {"day": name}, required=False, initial=value
                    )
            self.days.append({"name": name, "weekday": weekday})

    def rows(self) -> list[dict[str, Any]]:
        return [
            {
                "name": day["name"],
                "spans": [
                    (self[f"starts_{day['weekday']}_{nth}"], self[f"ends_{day['weekday']}_{nth}"]) for nth in range(2)
                ],
            }
            for day in self.days
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for weekday in range(7):
            for nth in range(2):
                starts, ends = (cleaned.get(f"{end}_{weekday}_{nth}") for end in ("starts", "ends"))
                if (starts is None) != (ends is None):
                    self.add_error(f"ends_{weekday}_{nth}", _("Say both times, or none."))
                elif starts is not None and ends is not None and ends <= starts:
                    self.add_error(f"ends_{weekday}_{nth}", _("The end comes after the start."))
        return cleaned

    def values(self) -> list[Hours]:
        found: list[Hours] = []
        for weekday in range(7):
            for nth in range(2):
                starts: time | None = self.cleaned_data.get(f"starts_{weekday}_{nth}")
                ends: time | None = self.cleaned_data.get(f"ends_{weekday}_{nth}")
                if starts is not None and ends is not None:
                    found.append((weekday, starts, ends))
        return found


class DayOffForm(CalendarForm):
    member = forms.ChoiceField(label=gettext_lazy("Who is off"), required=False)
    starts_on = day_field(label=gettext_lazy("From"))
    ends_on = day_field(label=gettext_lazy("Until"), required=False, help_text=gettext_lazy("Empty: one day."))
    reason = TextField(limit=120, label=gettext_lazy("Reason"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["member"].choices = [("", _("The whole firm")), *member_choices()]  # type: ignore[attr-defined] # a ChoiceField's


class PolicyForm(CalendarForm):
    country = forms.ChoiceField(label=gettext_lazy("Country of the holidays"))
    state = forms.CharField(
        label=gettext_lazy("State of the holidays"),
        max_length=3,
        required=False,
        help_text=gettext_lazy("Such as SP. Empty: only those of the whole country."),
    )
    works_on_holidays = forms.BooleanField(label=gettext_lazy("We work on holidays"), required=False)
    weeks_ahead = forms.IntegerField(
        label=gettext_lazy("Weeks planned ahead"),
        min_value=1,
        max_value=26,
        help_text=gettext_lazy("So far ahead visits of contracts are in the calendar."),
    )

    def __init__(self, data: Any = None, *, policy: SchedulePolicy) -> None:
        names = ("country", "state", "works_on_holidays", "weeks_ahead")
        super().__init__(data, initial={name: getattr(policy, name) for name in names})
        codes = holiday.countries()
        self.fields["country"].choices = [(code, code) for code in sorted(codes)]  # type: ignore[attr-defined] # a ChoiceField's
