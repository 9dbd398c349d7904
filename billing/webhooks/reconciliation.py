"""Finding what webhooks never said, and setting it right by the function that webhooks use. A clean state stays."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import Q
from structlog import get_logger

from billing.gateways.base import Gateway, GatewayAway, GatewayRefused
from billing.gateways.registry import ADAPTERS, NoGateway, get_gateway
from billing.invoices.models import Invoice, Payment
from billing.subscriptions import facts, prices, uncharged
from billing.subscriptions.models import Status, Subscription
from billing.subscriptions.sync import sync
from billing.webhooks import findings
from billing.webhooks.findings import Finding
from shared_apps.tenancy import context
from shared_apps.tenancy.jobs import enqueue

logger = get_logger(__name__)
LOOKS_BACK = timedelta(days=3)
FIELDS = (
    "status", "gateway", "external_id", "price_id", "seats", "period_ends_at", "cancel_at", "ended_at",
    "dunning_started_at",
)  # fmt: skip


class _Undone(Exception):
    """Rolls a dry run back."""


def reconcile(*, now: datetime, dry_run: bool = False) -> list[Finding]:
    """Compare with every gateway that has keys. `dry_run`: say what is to be done, and do nothing.

    What somebody has to look at is kept and told of (`findings`).
    """
    found: list[Finding] = []
    asked: list[str] = []
    with context.public():
        for name in ADAPTERS:
            try:
                found += _with(get_gateway(name), now=now, dry_run=dry_run)
                asked.append(name)
            except NoGateway:
                if _ours(name).exclude(status=Status.CANCELED).exists():
                    found.append(Finding("failed", name, "", "no keys, and subscriptions live there"))
            except (GatewayAway, GatewayRefused) as error:
                found.append(Finding("failed", name, "", f"{type(error).__name__}: {error}"))
        if not dry_run:
            findings.keep(found, asked=asked, now=now)
    for one in found:
        log = logger.info if one.kind == "differs" else logger.error
        log("reconciliation", kind=one.kind, gateway=one.gateway, id=one.id, what=one.what, dry_run=dry_run)
    return found


def _with(gateway: Gateway, *, now: datetime, dry_run: bool) -> Iterator[Finding]:
    alive = {one.id: one for one in gateway.all_subscriptions()}
    changed = set(gateway.changed_since(now - LOOKS_BACK))
    meant = Q(external_id__in=[*changed, *alive]) | ~Q(status=Status.CANCELED)
    ours = {one.external_id: one for one in _ours(gateway.name).filter(meant)}
    for one in ours.values():
        yield from _compared(one, gateway.name, dry_run=dry_run)
        yield from _uncharged(one.pk, gateway.name, now)
        if strange := one.external_id in alive and prices.unknown(gateway.name, alive[one.external_id]):
            yield Finding("price", gateway.name, one.external_id, f"charges for {', '.join(strange)}")
        if one.status == Status.CANCELED and one.external_id in alive:
            yield Finding("runs_on", gateway.name, one.external_id, "ended with us, and charged for there")
            if not dry_run:
                enqueue("subscriptions.end_at_gateway", subscription_id=one.pk)
    if not dry_run:
        _ask_for_refunds_again(gateway)
    for snapshot in alive.values():
        if snapshot.id in ours:
            continue
        bought = _by_reference(snapshot.reference)
        fresh = bought is not None and bought.external_id == "" and bought.status != Status.CANCELED
        if bought is not None and fresh and bought.gateway in ("", gateway.name):
            yield from _compared(bought, gateway.name, dry_run=dry_run)
        elif bought is not None:
            yield Finding("twice", gateway.name, snapshot.id, f"bears {snapshot.reference}, which is another's or over")
            if not dry_run:
                enqueue("webhooks.end_doubles", subscription_id=bought.pk)
        else:
            yield Finding("unknown", gateway.name, snapshot.id, f"bears {snapshot.reference}, which has no part in it")


def _ask_for_refunds_again(gateway: Gateway) -> None:
    for id in findings.refunds_refused(gateway.name):
        snapshot = gateway.fetch_subscription(id)
        bought = _by_reference(snapshot.reference) if snapshot else None
        if bought is not None:
            enqueue("webhooks.end_doubles", subscription_id=bought.pk)


def _uncharged(pk: UUID, gateway: str, now: datetime) -> Iterator[Finding]:
    """It works, and nobody is asked to pay for it."""
    subscription = Subscription.objects.select_related("price__plan").get(pk=pk)
    if start := uncharged.since(facts.of(subscription), now):
        yield Finding("uncharged", gateway, subscription.external_id, f"no charge for the period from {start:%Y-%m-%d}")


def _ours(gateway: str) -> Any:
    return Subscription.objects.filter(gateway=gateway).exclude(external_id="")


def _by_reference(reference: str) -> Subscription | None:
    try:
        return Subscription.objects.filter(pk=UUID(reference)).first()
    except ValueError:
        return None


def _compared(subscription: Subscription, gateway: str, *, dry_run: bool) -> Iterator[Finding]:
    before = _state(subscription.pk)
    after: dict[str, str] = {}
    id = subscription.external_id or str(subscription.pk)
    try:
        sync(subscription.pk, cause="reconciliation", also=partial(_look, subscription.pk, after, dry_run))
    except _Undone:
        pass
    except (GatewayAway, GatewayRefused, NoGateway) as error:
        yield Finding("failed", gateway, id, f"{type(error).__name__}: {error}")
        return
    changes = [
        f"{name}: {before.get(name)} -> {after.get(name)}"
        for name in dict.fromkeys([*before, *after])
        if before.get(name) != after.get(name)
    ]
    if changes:
        yield Finding("differs", gateway, id, "; ".join(changes))


def _look(pk: UUID, after: dict[str, str], dry_run: bool) -> None:
    """Runs in the transaction of the effect."""
    after.update(_state(pk))
    if dry_run:
        raise _Undone


def _state(pk: UUID) -> dict[str, str]:
    """All that a gateway's truth may change, as people read it."""
    row = Subscription.objects.values(*FIELDS).get(pk=pk)
    invoices = Invoice.objects.filter(subscription=pk).values_list("external_id", "state", "paid", "refunded")
    return {
        **{name: str(value) for name, value in row.items()},
        **{f"invoice {id}": f"{state} {paid} {refunded}" for id, state, paid, refunded in invoices},
        "payments": str(Payment.objects.filter(invoice__subscription=pk).count()),
    }
