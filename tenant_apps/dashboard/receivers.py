"""Reactions of the dashboard's demo to what happens to the organization."""

from typing import Any

from django.dispatch import receiver
from django.utils import timezone

from shared_apps.organizations.models import Organization
from shared_apps.organizations.signals import organization_demo_requested


@receiver(organization_demo_requested)
def on_demo_requested(sender: object, organization: Organization, size: str = "small", **kwargs: Any) -> dict[str, int]:
    from tenant_apps.dashboard import demo  # here: only this needs the services when the process starts

    made = demo.fill(organization, size=size, now=timezone.now())
    return {"appointments": made.appointments, "entries": made.entries}
