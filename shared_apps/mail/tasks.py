"""Sending what was written down."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from shared_apps.mail import services
from shared_apps.tenancy.jobs import enqueue, platform_periodic, platform_task


@platform_task("mail.deliver", atomic=False)
def deliver(mail_id: str) -> None:
    services.deliver(UUID(mail_id), now=timezone.now())


@platform_periodic("mail.try_again", every=timedelta(minutes=1))
def try_again() -> None:
    """Mails that a server did not take, or whose worker died."""
    for mail_id in services.due(timezone.now()):
        enqueue("mail.deliver", mail_id=mail_id)


@platform_periodic("mail.purge", at="04:20")
def purge() -> None:
    services.purge(timezone.now())
