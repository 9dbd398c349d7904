"""What django-allauth asks us: who may sign up by its own form (nobody), where a request comes from, what it says."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation

from shared_apps.accounts.addresses import client_address
from shared_apps.core import formats
from shared_apps.mail import services as mail
from shared_apps.web.context import platform_url

# Said by the page that comes next anyway.
UNSAID = {"account/messages/logged_in.txt", "account/messages/logged_out.txt"}

# What allauth sends most, and which of its words is the link.
OURS = {
    "account/email/email_confirmation": ("accounts/verify_email", "activate_url"),
    "account/email/email_confirmation_signup": ("accounts/verify_email", "activate_url"),
    "account/email/password_reset_key": ("accounts/password_reset", "password_reset_url"),
}


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """People sign up with their firm or by an invitation; allauth's own form makes somebody without either."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Through our own door: written down, sent by a task, in the person's language and in our look."""
        user = context.get("user") or getattr(context.get("request"), "user", None)
        locale = getattr(user, "locale", "") or translation.get_language() or ""
        name, link = OURS.get(template_prefix, ("", ""))
        if name:
            mail.send(name, to=email, locale=locale, context={"link": context[link]})
            return
        with formats.reading(locale=locale):
            theirs = self.render_mail(template_prefix, email, context)
        mail.send("accounts/notice", to=email, locale=locale, context={"subject": theirs.subject, "text": theirs.body})

    def get_client_ip(self, request: HttpRequest) -> str:
        address = client_address(request.META)
        if not address:
            raise PermissionDenied("The address of this request is unknown.")
        return address

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *a: Any, **kw: Any
    ) -> None:
        if message_template not in UNSAID:
            super().add_message(request, level, message_template, *a, **kw)

    def get_reset_password_from_key_url(self, key: str) -> str:
        """On the platform's host, whichever host asked for the mail."""
        path = reverse("account_reset_password_from_key", settings.ROOT_URLCONF, kwargs={"uidb36": "UID", "key": "KEY"})
        return platform_url() + path.replace("UID-KEY", quote(key))

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        return platform_url() + reverse("account_confirm_email", settings.ROOT_URLCONF, args=[emailconfirmation.key])


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Google vouches for the person; the firm is asked for next."""
        return True
