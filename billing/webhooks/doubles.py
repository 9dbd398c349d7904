"""A purchase that came about twice: two pages were paid although one was to be closed. One of them stays.

What was paid is kept before what was not, ours before another. The rest is ended at once, and what it took goes back.
"""

from __future__ import annotations

from functools import partial
from uuid import UUID

from django.db import transaction
from structlog import get_logger

from billing import clock
from billing.gateways import intents
from billing.gateways.base import Gateway, InvoiceState, SubscriptionSnapshot
from billing.gateways.registry import get_gateway
from billing.subscriptions.models import Checkout, Status, Subscription
from billing.subscriptions.sync import OVER, sync, was_paid
from billing.subscriptions.transitions import lock
from billing.webhooks import findings
from billing.webhooks.findings import Finding
from shared_apps.tenancy import context

logger = get_logger(__name__)
Found = tuple[Gateway, SubscriptionSnapshot]


def end_doubles(subscription_id: UUID) -> None:
    """A task calls it until every gateway has said yes. With nothing twice it does nothing."""
    with context.public():
        subscription = Subscription.objects.filter(pk=subscription_id).first()
        if subscription is None:
            return
        alive = list(_alive(subscription))
        kept = _kept(subscription, alive)
        if kept is not None and subscription.status != Status.CANCELED and not _is_ours(subscription, kept):
            _let_go(subscription.pk)
            subscription = sync(subscription.pk, cause="bought_twice")
        over = [one for one in alive if one is not kept]
        for gateway, snapshot in over:
            _end(gateway, snapshot)
            findings.note(_finding(gateway, snapshot), now=clock.now())
        if over:
            sync(subscription.pk, cause="bought_twice")


def _alive(subscription: Subscription) -> list[Found]:
    """All that gateways run for this purchase."""
    tried = Checkout.objects.filter(subscription=subscription).values_list("gateway", flat=True)
    names = dict.fromkeys(filter(None, [subscription.gateway, *tried.order_by("created_at")]))
    found = []
    for name in names:
        gateway = get_gateway(name)
        made = gateway.find_subscriptions(reference=str(subscription.pk))
        found += [(gateway, one) for one in made if one.state not in OVER]
    return found


def _kept(subscription: Subscription, alive: list[Found]) -> Found | None:
    """None: it has ended with us, so nothing that bears its reference may go on."""
    if subscription.status == Status.CANCELED:
        return next((one for one in alive if _is_ours(subscription, one)), None)  # others end what is ours
    return min(alive, key=lambda one: (not was_paid(one[1]), not _is_ours(subscription, one)), default=None)


def _is_ours(subscription: Subscription, found: Found) -> bool:
    gateway, snapshot = found
    return (subscription.gateway, subscription.external_id) == (gateway.name, snapshot.id)


@transaction.atomic
def _let_go(pk: UUID) -> None:
    """Of one that nobody paid, so that the paid one takes its place."""
    subscription = lock(pk)
    subscription.gateway = subscription.external_id = subscription.gateway_state = subscription.gateway_status = ""
    subscription.save()


def _end(gateway: Gateway, snapshot: SubscriptionSnapshot) -> None:
    logger.error("double_ended", gateway=gateway.name, id=snapshot.id, reference=snapshot.reference)
    gateway.cancel(snapshot.id, at_period_end=False, key=f"double:{snapshot.id}")
    for invoice in snapshot.invoices:
        if invoice.state is InvoiceState.PAID and invoice.paid > invoice.refunded:
            intents.once(
                f"double:{invoice.id}",
                gateway=gateway.name,
                purpose="refund",
                request={"invoice": invoice.id},
                call=partial(_refund, gateway, invoice.id),
            )


def _refund(gateway: Gateway, invoice: str, key: str) -> None:
    gateway.refund(invoice, amount=None, key=key)


def _finding(gateway: Gateway, snapshot: SubscriptionSnapshot) -> Finding:
    paid = sum(one.paid for one in snapshot.invoices if one.state is InvoiceState.PAID)
    return Finding("twice", gateway.name, snapshot.id, f"{snapshot.reference} again; ended, given back: {paid}")
