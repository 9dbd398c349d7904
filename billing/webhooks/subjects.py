"""Whose event is it? Our own rows answer, never the payload's word for an organization."""

from __future__ import annotations

from uuid import UUID

from billing.gateways.registry import get_gateway
from billing.subscriptions.models import Checkout, Customer, Status, Subscription
from billing.webhooks.models import WebhookEvent


class NotThereYet(Exception):
    """The gateway rings for a subscription that it does not know itself when it is asked: its copies lag behind."""


def find(event: WebhookEvent) -> Subscription | None:
    """The subscription whose truth is to be fetched; None for what is not ours.

    A subscription of the gateway's that we do not know yet is looked up there by its id, and by the reference it bears.
    Raises NotThereYet, GatewayAway, GatewayRefused or NoGateway.
    """
    return (
        _by_external_id(event)
        or _by_reference(event.reference, event.gateway)
        or _by_checkout(event)
        or _by_asking(event)
        or _by_customer(event)
    )


def _by_external_id(event: WebhookEvent) -> Subscription | None:
    if not event.subscription_ref:
        return None
    return Subscription.objects.filter(gateway=event.gateway, external_id=event.subscription_ref).first()


def _by_reference(reference: str, gateway: str) -> Subscription | None:
    """Ours are the subscription's id. One that lives at another gateway is not this gateway's to speak of."""
    try:
        id = UUID(reference)
    except ValueError:
        return None
    found = Subscription.objects.filter(pk=id).first()
    return found if found and found.gateway in ("", gateway) else None


def _by_checkout(event: WebhookEvent) -> Subscription | None:
    if not event.checkout_ref:
        return None
    bought = Checkout.objects.filter(gateway=event.gateway, external_id=event.checkout_ref).first()
    return bought.subscription if bought else None


def _by_asking(event: WebhookEvent) -> Subscription | None:
    if not event.subscription_ref:
        return None
    snapshot = get_gateway(event.gateway).fetch_subscription(event.subscription_ref)
    if snapshot is None:
        raise NotThereYet(event.subscription_ref)
    return _by_reference(snapshot.reference, event.gateway)


def _by_customer(event: WebhookEvent) -> Subscription | None:
    """Of a customer alone (a new card, say): what it has that lives. Another subscription of it is not meant."""
    if not event.customer_ref or event.subscription_ref:
        return None
    customer = Customer.objects.filter(gateway=event.gateway, external_id=event.customer_ref).first()
    if customer is None:
        return None
    alive = Subscription.objects.filter(organization=customer.organization_id, gateway=event.gateway)
    return alive.exclude(status=Status.CANCELED).order_by("-created_at").first()
