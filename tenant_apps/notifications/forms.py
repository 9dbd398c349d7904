"""An organization's own text."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shared_apps.web.forms import Form, TextField
from tenant_apps.notifications.models import Channel


class WordingForm(Form):
    subject = TextField(limit=200, label=_("Subject"), required=False)
    body = TextField(limit=5000, rows=10, required=False, label=_("Text"))
    provider_name = TextField(
        limit=120,
        required=False,
        label=_("Name of the approved template"),
        help_text=_("As Meta approved it. Its numbered gaps are filled with the variables in the order shown here."),
    )

    def __init__(self, *args: Any, channel: Channel, **options: Any) -> None:
        super().__init__(*args, **options)
        if channel != Channel.EMAIL:
            self.fields["subject"].widget = forms.HiddenInput()
        if channel != Channel.WHATSAPP:
            self.fields["provider_name"].widget = forms.HiddenInput()

    def text(self, name: str) -> str:
        """What stands in a field now."""
        return str(self[name].value() or "")
