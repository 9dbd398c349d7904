"""A purchase that came about twice: two pages were paid although one was to be closed. One of them stays.

What was paid is kept before what was not, ours before another. The rest is ended at once, and what it took goes back.
Both are in the books as charges of the organization and of no subscription: no access and no revenue follows from them.
They are written down first, which is how a task that was cut short knows what it had begun.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import partial
from uuid import UUID

from django.db import transaction
from structlog import get_logger

from billing import clock
from billing.gateways import intents
from billing.gateways.base import Gateway, GatewayRefused, InvoiceSnapshot, InvoiceState, SubscriptionSnapshot
from billing.gateways.registry import get_gateway
from billing.invoices import services as invoices
from billing.invoices.models import Invoice
from billing.subscriptions import notices, queries
from billing.subscriptions.models import Checkout, Status, Subscription
from billing.subscriptions.services.asking import asking, gateway
from billing.subscriptions.sync import OVER, sync, was_paid
from billing.subscriptions.transitions import lock
from billing.webhooks import findings
from billing.webhooks.findings import Finding
from billing.webhooks.models import Discrepancy
from shared_apps.core import formats
from shared_apps.core.errors import NotThere
from shared_apps.tenancy import context

logger = get_logger(__name__)
Found = tuple[Gateway, SubscriptionSnapshot]


def end_doubles(subscription_id: UUID) -> None:
    """A task calls it until every gateway has said yes. With nothing twice it does nothing."""
    with context.public():
        subscription = Subscription.objects.filter(pk=subscription_id).first()
        if subscription is None:
            return
        made = list(_made(subscription))
        alive = [one for one in made if one[1].state not in OVER]
        kept = _kept(subscription, alive)
        if kept is not None and subscription.status != Status.CANCELED and not _is_ours(subscription, kept):
            _let_go(subscription.pk)
            subscription = sync(subscription.pk, cause="bought_twice")
        over = [one for one in alive if one is not kept]
        for one in over:
            _end(subscription, one)
        for one in made:
            if one not in alive and not _is_ours(subscription, one):
                _complete(subscription, one)
        if over:
            sync(subscription.pk, cause="bought_twice")


def _made(subscription: Subscription) -> Iterator[Found]:
    """All that gateways have of this purchase, whether it runs or not."""
    tried = Checkout.objects.filter(subscription=subscription).values_list("gateway", flat=True)
    for name in dict.fromkeys(filter(None, [subscription.gateway, *tried.order_by("created_at")])):
        gateway = get_gateway(name)
        yield from ((gateway, one) for one in gateway.find_subscriptions(reference=str(subscription.pk)))


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


def _end(subscription: Subscription, found: Found) -> None:
    gateway, snapshot = found
    logger.error("double_ended", gateway=gateway.name, id=snapshot.id, reference=snapshot.reference)
    _write_down(subscription, found)
    findings.note(_finding(subscription, gateway, snapshot), now=clock.now())
    gateway.cancel(snapshot.id, at_period_end=False, key=f"double:{snapshot.id}")
    if _give_back(subscription, found, snapshot.invoices):
        _tell(subscription, found, snapshot.invoices)
    _look_again(subscription, found)


def _complete(subscription: Subscription, found: Found) -> None:
    """One that has ended: what was begun with it is brought to its end, what became of it since is written down."""
    gateway, snapshot = found
    begun = Invoice.objects.filter(gateway=gateway.name, external_id__in=[one.id for one in snapshot.invoices])
    doubled = set(begun.filter(subscription=None).values_list("external_id", flat=True))
    charges = [one for one in snapshot.invoices if one.id in doubled]
    if _give_back(subscription, found, charges):
        _tell(subscription, found, charges)
    if begun.exists():
        _look_again(subscription, found)


def _give_back(subscription: Subscription, found: Found, charges: Iterable[InvoiceSnapshot]) -> bool:
    """Whether the gateway took on all of it. What it refuses stands among the discrepancies and is asked for again each
    night; once staff settled it themselves, never again."""
    gateway, snapshot = found
    refusal = findings.refund_of(gateway.name, snapshot.id)
    if refusal is not None and refusal.gone_at is not None:
        return False
    for invoice in charges:
        if invoice.state is InvoiceState.PAID and invoice.paid > invoice.refunded:
            try:
                _give_back_one(gateway, invoice, refusal)
            except GatewayRefused as error:
                said = f"{invoice.paid - invoice.refunded} {invoice.currency}, {invoice.id}: {error.said or error.code}"
                one = Finding("refund", gateway.name, snapshot.id, said, subscription.organization_id)
                findings.refused(one, now=clock.now())
                return False
    if refusal is not None:
        findings.close(refusal, now=clock.now())
    return True


def _give_back_one(gateway: Gateway, invoice: InvoiceSnapshot, refusal: Discrepancy | None) -> None:
    """After a refusal it is asked anew: by the key of before, a gateway would only repeat what it said."""
    again = f":{refusal.seen_at:%Y%m%d%H%M%S%f}" if refusal is not None else ""
    intents.once(
        f"double:{invoice.id}{again}",
        gateway=gateway.name,
        purpose="refund",
        request={"invoice": invoice.id},
        call=partial(_refund, gateway, invoice.id),
    )


@transaction.atomic
def _tell(subscription: Subscription, found: Found, charges: Iterable[InvoiceSnapshot]) -> None:
    """The owners, once for each purchase that went back."""
    gateway, snapshot = found
    paid = [one for one in charges if one.paid > 0]
    if paid:
        amount = partial(formats.money, sum((one.paid for one in paid), Decimal(0)), paid[0].currency)
        notices.tell_of_double(subscription, about=f"{gateway.name}:{snapshot.id}", amount=amount, now=clock.now())


def _look_again(subscription: Subscription, found: Found) -> None:
    gateway, snapshot = found
    after = gateway.fetch_subscription(snapshot.id)
    if after is not None:
        _write_down(subscription, (gateway, after))


@transaction.atomic
def _write_down(subscription: Subscription, found: Found) -> None:
    """What it took, and what of it the books have; a charge that nobody paid or saw is none to show."""
    gateway, snapshot = found
    fetched_at, ours = clock.now(), lock(subscription.pk)
    known = Invoice.objects.filter(gateway=gateway.name, external_id__in=[one.id for one in snapshot.invoices])
    ids = set(known.values_list("external_id", flat=True))
    invoices.record(
        [one for one in snapshot.invoices if one.payments or one.id in ids],
        gateway=gateway.name,
        organization_id=ours.organization_id,
        subscription_id=None,
        fetched_at=fetched_at,
    )


def _refund(gateway: Gateway, invoice: str, key: str) -> None:
    gateway.refund(invoice, amount=None, key=key)


def _finding(subscription: Subscription, gateway: Gateway, snapshot: SubscriptionSnapshot) -> Finding:
    paid = sum(one.paid for one in snapshot.invoices if one.state is InvoiceState.PAID)
    what = f"{snapshot.reference} again; ended, to be given back: {paid}"
    return Finding("twice", gateway.name, snapshot.id, what, subscription.organization_id)


def give_back_again(refusal: Discrepancy) -> bool:
    """At once, not only at night; whether it went back. Raises NotThere, PaymentRefused, PaymentsAway."""
    with context.public():
        with asking():
            snapshot = gateway(refusal.gateway).fetch_subscription(refusal.external_id)
            ours = queries.find(refusal.gateway, reference=snapshot.reference) if snapshot else None
            if ours is None:
                raise NotThere
            end_doubles(ours.pk)
        refusal.refresh_from_db()
        return refusal.gone_at is not None


def settle(refusal: Discrepancy) -> None:
    """Staff gave it back another way: it is not asked for any more."""
    with context.public():
        findings.close(refusal, now=clock.now())
