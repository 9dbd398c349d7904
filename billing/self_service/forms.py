"""What somebody types when they buy or leave."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.subscriptions import leaving
from shared_apps.web.forms import Form


class PurchaseForm(Form):
    """`at` is when the preview was shown, so that its sum holds. `ways`: the ways to pay that the gateway knows."""

    METHODS = {"card": _("Card"), "pix": _("PIX"), "boleto": _("Boleto")}
    method = forms.ChoiceField(label=_("How do you want to pay?"), required=False)
    coupon = forms.CharField(label=_("Coupon"), required=False, max_length=40)
    at = forms.DateTimeField(required=False, widget=forms.HiddenInput)

    def __init__(self, *given: Any, ways: Sequence[str] = (), **named: Any) -> None:
        super().__init__(*given, **named)
        choice = cast(forms.ChoiceField, self.fields["method"])
        choice.choices = [("", _("I choose on the payment page")), *((one, self.METHODS[one]) for one in ways)]


class CancellationForm(Form):
    reason = forms.ChoiceField(
        label=_("Why are you leaving?"), choices=[("", _("Choose one")), *leaving.REASONS.items()]
    )
    words = forms.CharField(
        label=_("In your words"), required=False, max_length=150, widget=forms.Textarea(attrs={"rows": 3})
    )
