"""Reactions of the client book to what happens to the organization."""

from typing import Any

from django.dispatch import receiver

from shared_apps.organizations.signals import organization_demo_requested
from tenant_apps.clients import demo


@receiver(organization_demo_requested)
def on_demo_requested(sender: object, **kwargs: Any) -> None:
    demo.fill()
