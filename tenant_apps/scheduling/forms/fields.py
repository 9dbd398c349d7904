"""What the calendar's forms are made of."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from shared_apps.web.forms import Form
from tenant_apps.clients.models import Asset, Client, Place
from tenant_apps.scheduling import guards
from tenant_apps.scheduling.guards import LineGiven
from tenant_apps.scheduling.models import Line, Offering
from tenant_apps.team.models import Member

Choices = list[tuple[str, str]]


def day_field(**options: Any) -> forms.DateField:
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options)


def time_field(**options: Any) -> forms.TimeField:
    return forms.TimeField(widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"), **options)


def price_field(**options: Any) -> forms.DecimalField:
    return forms.DecimalField(min_value=0, max_digits=9, decimal_places=2, localize=True, **options)


def member_choices(besides: Iterable[UUID] = ()) -> Choices:
    """Everybody in the team, and who is chosen already though they left."""
    kept = set(besides)
    found = Member.objects.order_by("name", "email", "pk")
    return [(str(member.pk), str(member)) for member in found if member.is_active or member.pk in kept]


def place_choices(client: Client) -> Choices:
    return [("", "–"), *((str(place.pk), str(place)) for place in Place.objects.filter(client=client).order_by("pk"))]


def uuid_or_none(text: str) -> UUID | None:
    return UUID(text) if text else None


class LineForm(Form):
    """One thing to do."""

    offering = forms.ChoiceField(label=_("Service"))
    asset = forms.ChoiceField(label=_("Equipment"), required=False)
    quantity = forms.DecimalField(
        label=_("Quantity"), min_value=Decimal("0.01"), max_digits=7, decimal_places=2, initial=1, localize=True
    )
    price = price_field(label=_("Price of one"), required=False)

    def __init__(self, *args: Any, offerings: Choices, assets: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["offering"].choices = offerings  # type: ignore[attr-defined] # a ChoiceField's
        self.fields["asset"].choices = assets  # type: ignore[attr-defined]


class Lines(forms.BaseFormSet):
    def given(self) -> list[LineGiven]:
        """What is to be done, as the services take it; rows without an offering are left out."""
        rows = [form.cleaned_data for form in self.forms if form not in self.deleted_forms and form.cleaned_data]
        return [
            LineGiven(UUID(row["offering"]), uuid_or_none(row["asset"]), row["quantity"], row["price"])
            for row in rows
            if row.get("offering")
        ]


LineFormSet = forms.formset_factory(
    LineForm, formset=Lines, can_delete=True, extra=0, max_num=guards.MOST_LINES, absolute_max=guards.MOST_LINES
)


def lines_of(client: Client, data: Any, kept: Iterable[Line] = ()) -> Lines:
    """The lines' part of a form, bound to `data` or showing what is kept."""
    had = list(kept)
    known = {line.offering_id for line in had}
    offerings: Choices = [("", "–")]
    offerings += [(str(row.pk), row.name) for row in Offering.objects.all() if row.is_active or row.pk in known]
    assets = Asset.objects.filter(place__client=client).select_related("place").order_by("place_id", "pk")
    options = {
        "offerings": offerings,
        "assets": [("", "–"), *((str(row.pk), f"{row.name} · {row.place}") for row in assets)],
    }
    initial = [
        {
            "offering": str(line.offering_id),
            "asset": str(line.asset_id or ""),
            "quantity": line.quantity,
            "price": line.price,
        }
        for line in had
    ]
    made: Lines = LineFormSet(data, prefix="lines", initial=initial, form_kwargs=options)  # type: ignore[assignment]
    return made
