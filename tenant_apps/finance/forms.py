"""What people type on the pages of money."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.formats import localize_input
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shared_apps.core import formats
from shared_apps.core.ids import uuid7
from shared_apps.web.forms import Form, TextField
from tenant_apps.clients.models import Client
from tenant_apps.finance import money
from tenant_apps.finance.models import Category, Entry, FinancePolicy, Kind, Method, Recurrence
from tenant_apps.finance.services.entries import LONGEST_NOTES, MOST_INSTALMENTS

_NUMBER = re.compile(r"-?[0-9][0-9.,]*")


def read_amount(typed: str) -> Decimal | None:
    """ "1.234,50", "1,234.50", "R$ 1234.5" and "12,5" as people mean them; None for what is no number.

    Of two kinds of marks the last one is the decimal's; a single one is, unless three digits follow it.
    """
    text = typed.replace("R$", "").replace("\xa0", "").replace(" ", "")
    if not _NUMBER.fullmatch(text):
        return None
    last = max(text.rfind(","), text.rfind("."))
    marks = text.count(",") + text.count(".")
    is_thousands = marks == 1 and len(text) - last - 1 == 3 and not text.startswith("0")
    is_decimal = last >= 0 and text.count(text[last]) == 1 and not is_thousands
    whole, part = (text[:last], text[last + 1 :]) if is_decimal else (text, "")
    try:
        return Decimal(f"{re.sub('[.,]', '', whole)}.{part or '0'}")
    except InvalidOperation:
        return None


class AmountField(forms.CharField):
    """An amount of money, however its marks are typed."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(max_length=24, **{"widget": widget, **options})

    def clean(self, value: Any) -> Any:
        typed = super().clean(value)
        if not typed:
            return None
        read = read_amount(typed)
        if read is None:
            raise forms.ValidationError(_("Give an amount with at most two decimal places."), code="invalid_amount")
        if abs(read) > money.MOST:
            text = _("Give an amount of at most %(most)s.") % {"most": formats.number(money.MOST, 2)}
            raise forms.ValidationError(text, code="out_of_range")
        return read

    def prepare_value(self, value: Any) -> Any:
        return written(value) if isinstance(value, Decimal) else value


def written(value: Decimal) -> str:
    return str(localize_input(value))


class DayField(forms.DateField):
    def __init__(self, **options: Any) -> None:
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options)


class ClientChoice(Form):
    """A client found by searching: see finance/_client_picker.html, which is given `chosen`."""

    client = forms.UUIDField(label=_("Client"), required=False, widget=forms.HiddenInput)

    def clean_client(self) -> Client | None:
        pk = self.cleaned_data["client"]
        if pk is None:
            return None
        client = Client.objects.select_related("archival").defer("search").filter(pk=pk).first()
        if client is None:
            raise forms.ValidationError(_("This client is not in your book."), code="invalid")
        return client

    def client_shown(self) -> Client | None:
        """Who is chosen now, on a form that is shown again too."""
        if self.is_bound:
            return self.cleaned_data.get("client") if hasattr(self, "cleaned_data") else None
        pk = self.initial.get("client")
        return Client.objects.defer("search").filter(pk=pk).first() if pk else None


class _About(ClientChoice):
    """Whom and what it is about: shared by entries and what comes back."""

    id = forms.UUIDField(required=False, widget=forms.HiddenInput)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        label=_("What is it?"),
        choices=[(Kind.RECEIVABLE, _("Money to receive")), (Kind.PAYABLE, _("Money to pay"))],
        widget=forms.RadioSelect,
    )
    description = TextField(limit=200, label=_("What for"), widget=forms.TextInput(attrs={"autocomplete": "off"}))
    party = TextField(limit=160, label=_("Supplier or payer"), required=False, help_text=_("Where it is no client."))
    category = forms.ModelChoiceField(Category.objects.none(), label=_("Category"), required=False, empty_label="–")
    amount = AmountField(label=pgettext_lazy("money", "Amount"))

    def __init__(self, *args: Any, stored: Entry | Recurrence | None = None, **options: Any) -> None:
        self.stored = stored
        super().__init__(*args, **options)
        kept = stored.category_id if stored else None
        found = Category.objects.filter(Q(is_active=True) | Q(pk=kept))
        field: Any = self.fields["category"]
        field.queryset = found.order_by("-kind", "name")
        field.label_from_instance = lambda one: f"{capfirst(one.get_kind_display())}: {one.name}"

    def given(self) -> dict[str, Any]:
        """What the services take."""
        return {name: value for name, value in self.cleaned_data.items() if name not in {"id", "version"}}


class EntryForm(_About):
    due_on = DayField(label=_("Due on"))
    instalments = forms.IntegerField(
        label=_("Instalments"), min_value=1, max_value=MOST_INSTALMENTS, initial=1, help_text=_("A month apart.")
    )
    issued_on = DayField(label=_("Issued on"), required=False, help_text=_("The month it counts for. Today, if empty."))
    discount = AmountField(label=_("Discount"), required=False)
    discount_until = DayField(label=_("Discount until"), required=False, help_text=_("The due date, if empty."))
    late_fee = AmountField(label=_("Late fee (%)"), required=False)
    interest = AmountField(label=_("Interest (% a month)"), required=False)
    notes = TextField(limit=LONGEST_NOTES, rows=2, label=_("Notes"), required=False)

    def __init__(self, *args: Any, stored: Entry | None = None, **options: Any) -> None:
        if stored is not None:
            options.setdefault("initial", _initial(stored, self.base_fields))
        super().__init__(*args, stored=stored, **options)
        if stored is not None:
            del self.fields["instalments"]

    def given(self) -> dict[str, Any]:
        found = super().given()
        found["discount"] = found["discount"] or Decimal(0)
        if self.stored is not None:  # emptied means none; of a new one, the policy's
            found |= {name: found[name] or Decimal(0) for name in ("late_fee", "interest")}
            found["issued_on"] = found["issued_on"] or self.stored.created_at.date()
        return found


class RecurrenceForm(_About):
    day = forms.IntegerField(label=_("Due day of the month"), min_value=1, max_value=31, initial=5)
    starts_on = DayField(label=_("From"))
    ends_on = DayField(label=_("Until"), required=False, help_text=_("Until further notice, if empty."))

    def __init__(self, *args: Any, stored: Recurrence | None = None, **options: Any) -> None:
        if stored is not None:
            options.setdefault("initial", _initial(stored, self.base_fields))
        super().__init__(*args, stored=stored, **options)


class PaymentForm(Form):
    id = forms.UUIDField(required=False, widget=forms.HiddenInput, initial=uuid7)
    amount = AmountField(label=pgettext_lazy("money", "Amount"))
    paid_on = DayField(label=_("Paid on"))
    method = forms.ChoiceField(label=_("Method"), choices=Method.choices, initial=Method.PIX)
    reference = TextField(limit=140, label=_("Reference"), required=False)


class ManyPaidForm(Form):
    paid_on = DayField()
    method = forms.ChoiceField(choices=Method.choices)


class ReceivingForm(Form):
    pix_key = TextField(
        limit=77,
        label=_("PIX key"),
        required=False,
        help_text=_("CPF, CNPJ, e-mail, phone with area code or the bank's random key."),
    )
    pix_name = TextField(
        limit=80, label=_("Receiver's name"), required=False, help_text=_("As the bank shows it; 25 letters at most.")
    )
    pix_city = TextField(limit=80, label=_("Receiver's city"), required=False, help_text=_("15 letters at most."))
    late_fee = AmountField(label=_("Late fee (%)"), required=False, help_text=_("Once, after the due date."))
    interest = AmountField(label=_("Interest (% a month)"), required=False, help_text=_("Counted by the day."))
    due_days = forms.IntegerField(label=_("Days to pay after a visit"), min_value=0, max_value=365)
    link_days = forms.IntegerField(label=_("Days a charge link lives"), min_value=1, max_value=365)

    def __init__(self, *args: Any, stored: FinancePolicy, **options: Any) -> None:
        options.setdefault("initial", {name: getattr(stored, name) for name in self.base_fields})
        super().__init__(*args, **options)

    def given(self) -> dict[str, Any]:
        empty = {name: self.cleaned_data[name] or Decimal(0) for name in ("late_fee", "interest")}
        return {**self.cleaned_data, **empty}


class CategoryForm(Form):
    name = TextField(limit=80, label=_("Name"))
    kind = forms.ChoiceField(label=_("For"), choices=[(kind, capfirst(label)) for kind, label in Kind.choices])


def _initial(stored: Entry | Recurrence, names: Any) -> dict[str, Any]:
    shown = {name: getattr(stored, name, None) for name in names}
    return shown | {"client": stored.client_id, "category": stored.category_id}
