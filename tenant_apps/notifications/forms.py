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


class KeysForm(Form):
    """The organization's own account with a provider. Two of these stand on one page, so their fields' ids differ."""

    sender = TextField(limit=40)
    secret = forms.CharField(
        max_length=500,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("It is kept encrypted and never shown again."),
    )


class WhatsAppKeysForm(KeysForm):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.auto_id = "whatsapp_%s"
        self.fields["sender"].label = _("Phone number ID")
        self.fields["sender"].help_text = _("In Meta's app: WhatsApp, API Setup. A long number, not the phone itself.")
        self.fields["secret"].label = _("Permanent access token")


class SMSKeysForm(KeysForm):
    account = TextField(limit=40, label=_("Account SID"), help_text=_("In Twilio's console; it begins with AC."))
    field_order = ("account", "sender", "secret")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.auto_id = "sms_%s"
        self.fields["sender"].label = _("Sender")
        self.fields["sender"].help_text = _("The number with + and country, or the messaging service (MG…).")
        self.fields["secret"].label = _("Auth token")


KEY_FORMS: dict[Channel, type[KeysForm]] = {Channel.WHATSAPP: WhatsAppKeysForm, Channel.SMS: SMSKeysForm}
