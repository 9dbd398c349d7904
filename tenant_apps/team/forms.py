"""What somebody types who manages the team."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from shared_apps.organizations.models import Role
from shared_apps.web.forms import Form


class InvitationForm(Form):
    email = forms.EmailField(max_length=254, label=_("E-mail"), widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    role = forms.ChoiceField(
        choices=Role.choices, initial=Role.STAFF, label=_("Role"), help_text=_("It can be changed later.")
    )


class RoleForm(Form):
    role = forms.ChoiceField(
        choices=Role.choices,
        error_messages={
            "required": _("Choose a role from the list."),
            "invalid_choice": _("Choose a role from the list."),
        },
    )
