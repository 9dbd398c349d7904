"""What somebody says of themselves."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from shared_apps.web.forms import Form, TextField


class ProfileForm(Form):
    name = TextField(limit=120, label=_("Your name"), widget=forms.TextInput(attrs={"autocomplete": "name"}))
    locale = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
