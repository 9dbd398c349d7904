"""A contract, its pauses and its seasons, as people say them."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy

from shared_apps.core.errors import FieldError
from shared_apps.web.forms import TextField
from tenant_apps.clients.models import Client
from tenant_apps.scheduling import builder, guards, rules
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
from tenant_apps.scheduling.models import Contract

DAYS = [(str(number), name) for number, name in WEEKDAYS.items()]
ASKED = {  # by rhythm; the others are not on the screen
    "weekly": {"every", "weekdays"}, "daily": {"every"}, "custom": {"rrule"},
    "monthly_day": {"every", "month_day"}, "monthly_weekday": {"every", "nth", "nth_weekday"},
}  # fmt: skip


class RuleForm(CalendarForm):
    """How often. Which of its fields count says the rhythm."""

    rhythm = forms.ChoiceField(
        label=gettext_lazy("How often"), choices=builder.RHYTHMS, widget=forms.RadioSelect, initial="weekly"
    )
    every = forms.IntegerField(
        label=gettext_lazy("Every how many"),
        min_value=1,
        max_value=rules.MOST_INTERVAL,
        initial=1,
        required=False,
        help_text=gettext_lazy("1: each week, month or day. 2: every other one."),
    )
    weekdays = forms.MultipleChoiceField(
        label=gettext_lazy("On"), choices=DAYS, required=False, widget=forms.CheckboxSelectMultiple
    )
    month_day = forms.IntegerField(
        label=gettext_lazy("Day of the month"),
        min_value=1,
        max_value=31,
        required=False,
        help_text=gettext_lazy("29 to 31: the last day where the month is shorter."),
    )
    nth = forms.ChoiceField(label=gettext_lazy("Which one"), choices=builder.NTHS, required=False)
    nth_weekday = forms.ChoiceField(label=gettext_lazy("Weekday"), choices=DAYS, required=False)
    rrule = TextField(
        limit=300,
        label=gettext_lazy("Rule"),
        required=False,
        help_text=gettext_lazy("As calendars write it: FREQ=WEEKLY;BYDAY=MO,TH"),
    )

    def rule(self, cleaned: dict[str, Any]) -> str:
        """Empty where a field it needs is wrong."""
        if "rhythm" in self.errors:
            return ""
        asked = ASKED[cleaned["rhythm"]]
        for name in set().union(*ASKED.values()) - asked:
            self.errors.pop(name, None)  # what was left in a field of another rhythm stands in nobody's way
        if asked & set(self.errors):
            return ""
        try:
            text = builder.rule_of(
                cleaned["rhythm"],
                every=cleaned.get("every") or 1,
                weekdays=cleaned.get("weekdays") or [],
                month_day=cleaned.get("month_day"),
                nth=cleaned.get("nth") or "",
                nth_weekday=cleaned.get("nth_weekday") or "",
                text=cleaned.get("rrule") or "",
            )
            return str(rules.parsed(text))
        except FieldError as error:
            self.add_error("rrule" if cleaned["rhythm"] == "custom" else "rhythm", error.detail)
            return ""


class ContractForm(RuleForm):
    ALIASES = {"duration_minutes": "minutes", "arrival_minutes": "window"}

    title = TextField(
        limit=120,
        label=gettext_lazy("Title"),
        required=False,
        help_text=gettext_lazy("Empty: the names of its services."),
    )
    place = forms.ChoiceField(label=gettext_lazy("Place"), required=False)
    starts_on = day_field(label=gettext_lazy("From"))
    ends_on = day_field(
        label=gettext_lazy("Until"), required=False, help_text=gettext_lazy("Empty: until further notice.")
    )
    time = time_field(label=gettext_lazy("Start"))
    minutes = forms.IntegerField(
        label=gettext_lazy("Duration in minutes"), min_value=5, max_value=guards.MOST_MINUTES, initial=60
    )
    window = forms.IntegerField(
        label=gettext_lazy("Arrival window in minutes"), required=False, min_value=0, max_value=guards.MOST_MINUTES
    )
    member_ids = forms.MultipleChoiceField(
        label=gettext_lazy("Who goes"), required=False, widget=forms.CheckboxSelectMultiple
    )
    billing = forms.ChoiceField(label=gettext_lazy("Billed"), choices=Contract.Billing.choices, initial="none")
    price = price_field(
        label=gettext_lazy("Price"),
        required=False,
        help_text=gettext_lazy("Of a visit or of a month, as it is billed."),
    )
    billing_day = forms.IntegerField(
        label=gettext_lazy("Due day of the month"), min_value=1, max_value=31, initial=10, required=False
    )
    notes = TextField(limit=guards.NOTES, rows=3, label=gettext_lazy("Notes for each visit"), required=False)
    from_day = day_field(
        label=gettext_lazy("Change visits from this day on"),
        required=False,
        help_text=gettext_lazy("Empty: all visits to come. With a day, those before it stay as they were agreed."),
    )

    def __init__(self, data: Any = None, *, client: Client, contract: Contract | None = None, **options: Any) -> None:
        super().__init__(data, **options)
        self.contract = contract
        self.fields["member_ids"].choices = member_choices(contract.member_ids if contract else ())  # type: ignore[attr-defined] # a ChoiceField's
        places = place_choices(client)
        self.fields["place"].choices = places  # type: ignore[attr-defined]
        self.lines = lines_of(client, data, contract.lines.all() if contract else ())
        if contract is None:
            del self.fields["from_day"]
            if len(places) == 2:
                self.initial.setdefault("place", places[1][0])
        else:
            self.initial = {**self.initial, **_shown(contract)}

    def is_valid(self) -> bool:
        return all([super().is_valid(), self.lines.is_valid()])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        cleaned["rule"] = self.rule(cleaned)
        return cleaned

    def values(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        values = {
            "title": cleaned["title"],
            "notes": cleaned["notes"],
            "rrule": cleaned["rule"],
            "starts_on": cleaned["starts_on"],
            "ends_on": cleaned["ends_on"],
            "time": cleaned["time"],
            "duration_minutes": cleaned["minutes"],
            "arrival_minutes": cleaned["window"] or 0,
            "member_ids": [UUID(one) for one in cleaned["member_ids"]],
            "billing": cleaned["billing"],
            "price": cleaned["price"] or 0,
            "billing_day": cleaned["billing_day"] or 10,
            "place": uuid_or_none(cleaned["place"]),
        }
        if self.contract is None or self.lines.has_changed():
            values["lines"] = self.lines.given()
        if cleaned.get("from_day"):
            values["from_day"] = cleaned["from_day"]
            del values["starts_on"]
        return values


class VariationForm(RuleForm):
    """A pause, or a season with a rhythm of its own."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What happens"),
        choices=[("pause", gettext_lazy("No visits")), ("season", gettext_lazy("Another rhythm"))],
        widget=forms.RadioSelect,
        initial="pause",
    )
    starts_on = day_field(label=gettext_lazy("From"))
    ends_on = day_field(
        label=gettext_lazy("Until"), required=False, help_text=gettext_lazy("Empty: until further notice.")
    )
    is_yearly = forms.BooleanField(label=gettext_lazy("It comes back every year"), required=False)
    reason = TextField(limit=200, label=gettext_lazy("Reason"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["rhythm"].required = False

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        is_season = cleaned.get("kind") == "season"
        cleaned["rhythm"] = cleaned.get("rhythm") or "weekly"
        cleaned["rule"] = self.rule(cleaned) if is_season else ""
        return cleaned

    def values(self) -> dict[str, Any]:
        names = ("starts_on", "ends_on", "is_yearly", "reason")
        return {**{name: self.cleaned_data[name] for name in names}, "rrule": self.cleaned_data["rule"]}


class ResumeForm(CalendarForm):
    on = day_field(label=gettext_lazy("Visits again from"))


def _shown(contract: Contract) -> dict[str, Any]:
    start: date = contract.starts_on
    return {
        **builder.fields_of(contract.rrule, start),
        "title": contract.title,
        "place": str(contract.place_id or ""),
        "starts_on": start,
        "ends_on": contract.ends_on,
        "time": contract.time,
        "minutes": contract.duration_minutes,
        "window": contract.arrival_minutes or None,
        "member_ids": [str(one) for one in contract.member_ids],
        "billing": contract.billing,
        "price": contract.price,
        "billing_day": contract.billing_day,
        "notes": contract.notes,
    }
