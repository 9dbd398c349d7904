"""Reactions of the client book to what happens to the organization."""

from typing import Any

from django.dispatch import receiver

from shared_apps.organizations.signals import organization_demo_requested


@receiver(organization_demo_requested)
def on_demo_requested(sender: object, **kwargs: Any) -> None:
    from tenant_apps.clients import demo  # here: only this needs the services when the process starts

    demo.fill()
