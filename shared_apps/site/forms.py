"""What somebody types who signs up."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from shared_apps.web.forms import Form, TextField


class FirmForm(Form):
    firm = TextField(
        limit=120, label=_("Name of the firm"), widget=forms.TextInput(attrs={"autocomplete": "organization"})
    )
    slug = TextField(
        limit=40,
        label=_("Address"),
        help_text=_("Letters, digits and hyphens. Your team opens it to work."),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}),
    )


def _password() -> forms.CharField:
    return forms.CharField(
        max_length=128,
        strip=False,
        label=_("Password"),
        help_text=_("At least 10 characters. A short sentence works well."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}, render_value=True),
    )


def _name() -> TextField:
    return TextField(limit=120, label=_("Your name"), widget=forms.TextInput(attrs={"autocomplete": "name"}))


class SignUpForm(FirmForm):
    name = _name()
    email = forms.EmailField(
        max_length=254, label=_("Your e-mail"), widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    password = _password()


class NewPersonForm(Form):
    name = _name()
    password = _password()


class FindForm(Form):
    email = forms.EmailField(
        max_length=254, label=_("Your e-mail"), widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
