"""Reactions of the history to what happens to the organization."""

from typing import Any

from django.dispatch import receiver

from shared_apps.organizations.signals import organization_changed
from tenant_apps.activity import services
from tenant_apps.team.models import Member


@receiver(organization_changed)
def on_organization_changed(sender: object, **kwargs: Any) -> None:
    actor = Member.objects.filter(user_id=kwargs["user_id"]).first() if kwargs["user_id"] else None
    services.record(
        actor, "organization.updated", kwargs["organization"], before=kwargs["before"], after=kwargs["after"]
    )
