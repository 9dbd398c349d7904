"""allauth's forms of the second step, where we mean something else; settings.MFA_FORMS names them."""

from __future__ import annotations

from typing import Any

from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as base
from allauth.mfa.base.internal.flows import check_rate_limit, post_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.utils.translation import gettext_lazy as _

from shared_apps.accounts import codes


class _CodeForm(base.BaseAuthenticateForm):
    """A code is good once, and for as long as it would be valid (codes.py)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].help_text = _("Without your phone, one of your recovery codes works here too.")

    def clean_code(self) -> str:
        clear = check_rate_limit(self.user)
        code: str = self.cleaned_data["code"]
        found = codes.spend(self.user.pk, code)
        if found is None:
            asked = Authenticator.objects.filter(user=self.user, type__in=codes.KINDS).order_by("-type").first()
            if asked is not None:
                self._emit_authentication_failed(asked)
            raise get_adapter().validation_error("incorrect_code")
        found.user = self.user
        self.authenticator = found
        clear()
        return code


class AuthenticateForm(_CodeForm):
    def save(self) -> None:
        post_authentication(context.request, self.authenticator)


class ReauthenticateForm(_CodeForm, base.ReauthenticateForm):
    pass


class AddKeyForm(webauthn.AddWebAuthnForm):
    """With a label, which allauth's own leaves to be made of the English name, and an end to how long it may be."""

    name = forms.CharField(required=False, label=_("Name of the key"), max_length=100)


class EditKeyForm(webauthn.EditWebAuthnForm):
    name = forms.CharField(label=_("Name of the key"), max_length=100)
