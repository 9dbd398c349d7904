"""What the worker would do with the mails that were asked for."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from shared_apps.mail import services


def deliver_all() -> None:
    now = timezone.now() + timedelta(seconds=5)
    for mail_id in services.due(now):
        services.deliver(mail_id, now=now)
