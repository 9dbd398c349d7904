"""What follows from an organization's own life."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import pre_delete
from django.dispatch import receiver

from billing.subscriptions import queries, services
from billing.subscriptions.errors import StillCharged
from billing.subscriptions.services import seating
from shared_apps.organizations.models import Organization
from shared_apps.organizations.signals import (
    members_changed,
    organization_changed,
    organization_closed,
    organization_opened,
)
from shared_apps.tenancy import context
from shared_apps.tenancy.jobs import enqueue


@receiver(organization_opened)
def on_opened(sender: object, *, organization: Organization, **kwargs: Any) -> None:
    """Its trial begins, where plans are sold; a demo has nothing to buy."""
    if not organization.is_demo:
        services.start_trial(organization, cause="onboarding")


@receiver(organization_changed)
def on_changed(sender: object, *, organization: Organization, **kwargs: Any) -> None:
    if kwargs.get("before", {}).get("document") != kwargs.get("after", {}).get("document"):
        services.document_given(organization)


@receiver(organization_closed)
def on_closed(sender: object, *, organization: Organization, **kwargs: Any) -> None:
    """Nobody pays for what is closed."""
    services.close(organization, cause="organization.closed")


@receiver(members_changed)
def on_members_changed(sender: object, *, organization: Organization, **kwargs: Any) -> None:
    with context.public():
        if seating.is_followed(organization.pk):
            enqueue("subscriptions.follow_members", organization_id=organization.pk)


@receiver(pre_delete, sender=Organization)
def on_deleting(sender: object, *, instance: Organization, **kwargs: Any) -> None:
    """Not before the gateway has confirmed the end. Raises StillCharged, after which deletion is tried again."""
    if queries.is_charged(instance.pk):
        raise StillCharged
