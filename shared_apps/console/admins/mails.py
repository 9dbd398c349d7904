"""Every e-mail that was asked for, and what became of it. What a mail was filled with is nobody's to read."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shared_apps.accounts.models import User
from shared_apps.console import actions
from shared_apps.console.actions import Action
from shared_apps.console.admins.base import ReadOnlyAdmin
from shared_apps.console.site import register
from shared_apps.console.words import narrowed, told
from shared_apps.mail.models import Mail
from shared_apps.tenancy.jobs import enqueue


@register(Mail, name=_("e-mail"), plural=_("e-mails"))
class MailAdmin(ReadOnlyAdmin):
    group, symbol, order = "operation", "mail", 40
    list_display = ("created_at", "to", "subject", told("status"), "attempts", "sent_at")
    list_filter = (narrowed("status"), "template")
    search_fields = ("to", "subject")
    ordering = ("-created_at",)
    fields = (
        "to", "template", "subject", "locale", "sender_name", "reply_to", "organization_id", told("status"), "attempts",
        "error", "created_at", "next_try_at", "sent_at",
    )  # fmt: skip


def _send_now(mail: Mail, *, actor: User, reason: str) -> Any:
    Mail.objects.filter(pk=mail.pk, status=Mail.Status.PENDING).update(next_try_at=timezone.now())
    enqueue("mail.deliver", mail_id=mail.pk)
    return _("will be tried at once")


actions.add(
    Action(
        Mail, "send_now", _("Try now"), _send_now, possible=lambda mail: mail.status == Mail.Status.PENDING, order=10
    )
)
