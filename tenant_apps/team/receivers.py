"""Reactions of the team to what happens to the organization."""

from typing import Any

from django.dispatch import receiver

from shared_apps.organizations.signals import members_changed
from tenant_apps.team import services


@receiver(members_changed)
def on_members_changed(sender: object, **kwargs: Any) -> None:
    services.sync_members(kwargs["organization"], user_ids=kwargs["user_ids"])
