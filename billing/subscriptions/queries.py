"""Finding subscriptions."""

from __future__ import annotations

from contextlib import suppress
from uuid import UUID

from billing.gateways.base import GatewayState
from billing.invoices.models import Invoice
from billing.subscriptions.models import Checkout, Status, Subscription
from billing.subscriptions.states import Reason

GONE = (GatewayState.CANCELED.value, GatewayState.NEVER.value)
DEAD = (Status.INCOMPLETE, Status.CANCELED)


def live(organization_id: UUID) -> Subscription | None:
    """The one that runs, with its price and plan; there is never a second."""
    alive = Subscription.objects.filter(organization_id=organization_id).exclude(status__in=DEAD)
    return alive.select_related("price__plan", "next_price__plan", "coupon").first()


def current(organization_id: UUID) -> Subscription | None:
    """The one that runs, else the one that ended last. A purchase that was never finished is none."""
    known = Subscription.objects.filter(organization_id=organization_id).exclude(status=Status.INCOMPLETE)
    begun = known.exclude(status=Status.CANCELED, access_until=None)
    begun = begun.select_related("price__plan", "next_price__plan", "coupon")
    rows = sorted(begun, key=lambda row: (row.status != Status.CANCELED, row.ended_at or row.created_at))
    return rows[-1] if rows else None


def is_bought(subscription: Subscription) -> bool:
    """Whether it is changed rather than bought again."""
    alive = bool(subscription.external_id) and subscription.status != Status.CANCELED
    return alive and not is_unfinished(subscription) and not is_given_back(subscription)


def is_given_back(subscription: Subscription) -> bool:
    """Whether nothing is paid any more for the period that runs at its gateway, so that there is nothing to set off
    against another price: it is bought anew, and this one ended."""
    suspended = subscription.status == Status.SUSPENDED and subscription.suspended_reason == Reason.REFUNDED
    return suspended and bool(subscription.external_id)


def is_unfinished(subscription: Subscription) -> bool:
    """Whether a gateway has begun it and its first payment never came, so that another may be bought in its place."""
    waits = subscription.status == Status.INCOMPLETE or subscription.suspended_reason == Reason.TRIAL_ENDED
    if not subscription.external_id or not waits or subscription.replaces_id is not None:
        return False
    return not Invoice.objects.filter(subscription=subscription, paid__gt=0).exists()


def follower(subscription: Subscription) -> Subscription | None:
    """What was agreed on at another gateway and begins there when this one ends; None: nothing was, or not yet."""
    agreed = Subscription.objects.filter(replaces=subscription, status=Status.INCOMPLETE).exclude(external_id="")
    return agreed.exclude(gateway_state__in=GONE).first()


def next_to_pay(subscription: Subscription) -> Invoice | None:
    """The charge that is to be paid first, where a gateway has a page for it."""
    unpaid = [Invoice.State.OPEN, Invoice.State.FAILED, Invoice.State.OVERDUE]
    known = Invoice.objects.filter(subscription=subscription, state__in=unpaid).exclude(page_url="")
    return known.order_by("due_at", "issued_at").first()


def others_alive(subscription: Subscription) -> bool:
    others = Subscription.objects.filter(organization_id=subscription.organization_id).exclude(pk=subscription.pk)
    return others.exclude(status__in=DEAD).exists()


def find(gateway: str, *, external_id: str = "", reference: str = "", checkout: str = "") -> Subscription | None:
    """Ours that a gateway speaks of: by its id, by the reference we gave it (our id), by a purchase."""
    if external_id:
        known = Subscription.objects.filter(gateway=gateway, external_id=external_id).first()
        if known is not None:
            return known
    if checkout:
        bought = Checkout.objects.filter(gateway=gateway, external_id=checkout).select_related("subscription").first()
        if bought is not None:
            return bought.subscription
    with suppress(ValueError):
        return Subscription.objects.filter(pk=UUID(reference)).first() if reference else None
    return None


def is_charged(organization_id: UUID) -> bool:
    """Whether some gateway may still ask the organization for money."""
    known = Subscription.objects.filter(organization_id=organization_id).exclude(external_id="")
    return known.exclude(gateway_state__in=GONE).exists()
