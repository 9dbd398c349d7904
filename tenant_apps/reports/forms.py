"""What people say of a report: which file, and to whom every month."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shared_apps.web.forms import Form
from tenant_apps.reports.models import Format

MAX_RECIPIENTS = 10


class FileForm(Form):
    format = forms.ChoiceField(choices=Format.choices)


class SubscriptionForm(Form):
    to = forms.CharField(
        label=gettext_lazy("To whom"),
        max_length=1000,
        help_text=gettext_lazy(
            "E-mail addresses, with commas between, also of people outside of the firm. "
            "Each gets a link that needs no sign-in and expires."
        ),
    )
    day = forms.IntegerField(label=gettext_lazy("Day of the month"), min_value=1, max_value=28, initial=1)
    format = forms.ChoiceField(label=gettext_lazy("Kind of file"), choices=Format.choices, initial=Format.PDF)

    def clean_to(self) -> list[str]:
        given = [one.strip().lower() for one in self.cleaned_data["to"].replace(";", ",").split(",") if one.strip()]
        for address in given:
            try:
                validate_email(address)
            except ValidationError:
                raise ValidationError(_("%(address)s is not an e-mail address.") % {"address": address[:80]}) from None
        if not given or len(given) > MAX_RECIPIENTS:
            raise ValidationError(_("From one to %(limit)s addresses.") % {"limit": MAX_RECIPIENTS})
        return given
