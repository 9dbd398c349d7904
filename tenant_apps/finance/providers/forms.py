"""What people say to connect the firm's account."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from shared_apps.web.forms import Form


class KeyForm(Form):
    key = forms.CharField(
        label=_("API key of Asaas"),
        max_length=500,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("In Asaas: Integrations, API keys. It is kept encrypted and never shown again."),
    )
