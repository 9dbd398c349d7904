"""What people say when they bring a bank's file and explain its lines."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from shared_apps.core.errors import FieldError
from shared_apps.core.finding import uuid_or_none
from shared_apps.web.forms import Form, TextField
from tenant_apps.banking.models import StatementLine
from tenant_apps.banking.services import Part
from tenant_apps.finance import money
from tenant_apps.finance.forms import ClientChoice
from tenant_apps.finance.models import Category, Kind


class UploadForm(Form):
    file = forms.FileField(
        label=_("File of the bank"),
        allow_empty_file=True,  # the reading says it better
        widget=forms.FileInput(attrs={"accept": ".ofx,.ofc,.qfx,.csv,.txt"}),
    )
    account = TextField(
        limit=60,
        label=_("Account"),
        required=False,
        help_text=_("Only for CSV, which does not say: always write it the same way."),
    )


class NewEntryForm(ClientChoice):
    """The entry that a movement should have had."""

    description = TextField(limit=200, label=_("Description"))
    party = TextField(limit=160, label=_("Supplier or payer"), required=False)
    category = forms.ModelChoiceField(
        Category.objects.none(), label=_("Category"), required=False, empty_label=_("No category")
    )

    def __init__(self, line: StatementLine, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        kind = Kind.RECEIVABLE if line.came_in else Kind.PAYABLE
        offered = Category.objects.filter(kind=kind, is_active=True)
        self.fields["category"].queryset = offered  # type: ignore[attr-defined] # a ModelChoiceField has one


def parts_of(given: QueryDict, line: StatementLine) -> list[Part]:
    """The entries that were chosen, each with its amount: one alone is the whole movement. Raises FieldError."""
    chosen = [pk for text in given.getlist("entry")[:60] if (pk := uuid_or_none(text))]
    if len(chosen) == 1 and not given.get(f"amount_{chosen[0]}"):
        return [Part(chosen[0], abs(line.amount))]
    return [Part(pk, _amount(given.get(f"amount_{pk}", ""))) for pk in chosen]


def payments_of(given: QueryDict) -> list[UUID]:
    return [pk for text in given.getlist("payment")[:60] if (pk := uuid_or_none(text))]


def _amount(text: str) -> Any:
    """ "1.234,56" and "1234.56" are the same. Raises FieldError."""
    bare = text.replace("R$", "").replace("\xa0", "").replace(" ", "")
    if "," in bare:
        bare = bare.replace(".", "").replace(",", ".")
    if not bare:
        raise FieldError("amount", _("Say how much of the movement is for each entry."), "required")
    return money.amount("amount", bare)
