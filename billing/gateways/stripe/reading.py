"""Stripe's objects as the protocol's snapshots. Older shapes are read too: a webhook's is its endpoint's version."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from billing.gateways.base import (
    CheckoutSnapshot,
    Event,
    GatewayState,
    InvoiceSnapshot,
    InvoiceState,
    PaymentSnapshot,
    SubscriptionSnapshot,
    Unreadable,
)
from billing.gateways.bodies import part, text

STATES = {
    "incomplete": GatewayState.INCOMPLETE, "incomplete_expired": GatewayState.NEVER,
    "trialing": GatewayState.TRIALING, "active": GatewayState.RUNNING, "past_due": GatewayState.PAST_DUE,
    "unpaid": GatewayState.UNPAID, "paused": GatewayState.PAUSED, "canceled": GatewayState.CANCELED,
}  # fmt: skip
# Families of events from which something may follow; all else is kept and left alone.
MATTERS = ("checkout.session.", "customer.", "invoice.", "invoice_payment.", "charge.", "payment_method.")
Object = dict[str, Any]


def checkout(found: Object) -> CheckoutSnapshot:
    return CheckoutSnapshot(
        id=found["id"],
        url=found.get("url") or "",
        is_open=found["status"] == "open",
        is_done=found["status"] == "complete" and found.get("payment_status") != "unpaid",
        reference=text(part(found, "metadata").get("reference")),
        customer=text(found.get("customer")),
        subscription=text(found.get("subscription")),
        expires_at=moment(found.get("expires_at")),
    )


def subscription(found: Object, invoices: Iterable[Object] = (), charges: Mapping[str, Object] | None = None,
                 lost: frozenset[str] = frozenset()) -> SubscriptionSnapshot:  # fmt: skip
    """`charges`: by payment intent; `lost`: intents whose money is disputed, or was and is lost."""
    items = part(found, "items").get("data") or []
    metadata = part(found, "metadata")
    waits = metadata.get("waits") == "1"  # a change of gateway: Stripe calls the wait a trial, we do not
    state = STATES.get(found["status"], GatewayState.UNKNOWN)
    if state is GatewayState.TRIALING and waits:
        state = GatewayState.RUNNING
    starts, ends = period(found)
    cancel_at = moment(found.get("cancel_at")) or (ends if found.get("cancel_at_period_end") else None)
    if state is GatewayState.RUNNING and cancel_at:
        state = GatewayState.ENDING
    return SubscriptionSnapshot(
        id=found["id"],
        state=state,
        status=found["status"],
        customer=text(found.get("customer")),
        reference=text(metadata.get("reference")),
        organization=text(metadata.get("organization_id")),
        prices=tuple(text(one.get("price")) for one in items if text(one.get("price"))),
        amount=_amount_of(items),
        quantity=max((one.get("quantity") or 1 for one in items), default=1),
        trial_ends_at=None if waits else moment(found.get("trial_end")),
        period_starts_at=starts,
        period_ends_at=ends,
        cancel_at=cancel_at,
        ended_at=moment(found.get("ended_at")),
        reason=text(part(found, "cancellation_details").get("reason")),
        is_test=not found.get("livemode"),
        has_method=_has_method(found),
        invoices=tuple(invoice(one, charges or {}, lost) for one in invoices),
    )


def period(found: Object) -> tuple[datetime | None, datetime | None]:
    """On the items since 2025-03-31, of which the latest end counts; on the subscription before."""
    items = [one for one in part(found, "items").get("data") or [] if one.get("current_period_end")]
    latest = max(items, key=lambda one: one["current_period_end"], default=found)
    return moment(latest.get("current_period_start")), moment(latest.get("current_period_end"))


def _has_method(found: Object) -> bool:
    stored = part(found, "customer", "invoice_settings").get("default_payment_method")
    return bool(found.get("default_payment_method") or found.get("default_source") or stored)


def _amount_of(items: list[Object]) -> Decimal | None:
    """None where a price has tiers, and so no amount of its own."""
    amounts = [(part(one, "price").get("unit_amount"), one.get("quantity") or 1) for one in items]
    known = [money(amount) * quantity for amount, quantity in amounts if amount is not None]
    return sum(known, Decimal(0)) if known and len(known) == len(amounts) else None


def invoice(found: Object, charges: Mapping[str, Object], lost: frozenset[str]) -> InvoiceSnapshot:
    payments = [one for one in part(found, "payments").get("data") or [] if one.get("status") == "paid"]
    intents = [text(part(one, "payment").get("payment_intent")) for one in payments]
    taken = [charges[intent] for intent in intents if intent in charges]
    refunded = sum((money(one.get("amount_refunded") or 0) for one in taken), Decimal(0))
    paid, state = money(found.get("amount_paid") or 0), _state(found)
    if state is InvoiceState.PAID and set(intents) & lost:
        state = InvoiceState.DISPUTED
    elif state is InvoiceState.PAID and paid and refunded >= paid:
        state = InvoiceState.REFUNDED
    lines = [part(one, "period") for one in part(found, "lines").get("data") or [] if one.get("period")]
    served = max(lines, key=lambda one: one["end"], default={})
    details = part(found, "parent", "subscription_details")
    issued = moment(found.get("created"))
    if issued is None:
        raise Unreadable("an invoice without a moment")
    failed = state is InvoiceState.FAILED
    return InvoiceSnapshot(
        id=found["id"],
        state=state,
        status=found.get("status") or "",
        amount=money(found.get("amount_due") or 0),
        currency=str(found["currency"]).upper(),
        issued_at=issued,
        customer=text(found.get("customer")),
        subscription=text(details.get("subscription")) or text(found.get("subscription")),
        reference=text(part(details, "metadata").get("reference")),
        number=found.get("number") or "",
        method="card",
        due_at=moment(found.get("due_date")),
        failed_at=(moment(part(found, "status_transitions").get("finalized_at")) or issued) if failed else None,
        paid=paid,
        refunded=refunded,
        payments=tuple(_payments(found, payments, paid, issued)),
        period_starts_at=moment(served.get("start")),
        period_ends_at=moment(served.get("end")),
        will_retry=bool(found.get("next_payment_attempt")),
        page_url=found.get("hosted_invoice_url") or "",
        pdf_url=found.get("invoice_pdf") or "",
        receipt_url=next((one["receipt_url"] for one in taken if one.get("receipt_url")), ""),
    )


def _state(found: Object) -> InvoiceState:
    status = found.get("status")
    if status == "open":
        return InvoiceState.FAILED if found.get("attempt_count") else InvoiceState.OPEN
    return {
        "draft": InvoiceState.DRAFT, "paid": InvoiceState.PAID, "uncollectible": InvoiceState.FAILED,
        "void": InvoiceState.VOID,
    }.get(str(status), InvoiceState.UNKNOWN)  # fmt: skip


def _payments(found: Object, payments: list[Object], paid: Decimal, issued: datetime) -> Iterable[PaymentSnapshot]:
    """A free trial's invoice is "paid" with nothing: that is no payment."""
    if not paid:
        return
    when = moment(part(found, "status_transitions").get("paid_at")) or issued
    for one in payments:
        at = moment(part(one, "status_transitions").get("paid_at")) or when
        yield PaymentSnapshot(one["id"], money(one.get("amount_paid") or 0), at)
    if not payments:  # an older shape, or paid outside of Stripe
        yield PaymentSnapshot(found["id"], paid, when)


def event(payload: Object, *, is_live: bool) -> Event:
    """Raises Unreadable."""
    id, kind, thing = payload.get("id"), payload.get("type"), part(payload, "data", "object")
    if not (isinstance(id, str) and id and isinstance(kind, str) and kind):
        raise Unreadable("no id or type")
    what = thing.get("object")
    details = part(thing, "parent", "subscription_details")
    own = text(thing) if what == "subscription" else ""
    subscription = own or text(details.get("subscription")) or text(thing.get("subscription"))
    metadata = part(details, "metadata") or part(thing, "metadata")
    live = payload.get("livemode")
    is_test = None if not isinstance(live, bool) else not live
    right_mode = is_test is None or is_test is not is_live
    created = payload.get("created")
    return Event(
        id=id,
        kind=kind,
        payload=payload,
        happened_at=moment(created) if isinstance(created, int) else None,
        subscription=subscription,
        customer=text(thing) if what == "customer" else text(thing.get("customer")),
        invoice=text(thing) if what == "invoice" else text(thing.get("invoice")),
        reference=text(metadata.get("reference")),
        checkout=text(thing) if what == "checkout.session" else "",
        is_test=is_test,
        matters=right_mode and kind.startswith(MATTERS),
    )


def moment(seconds: Any) -> datetime | None:
    if isinstance(seconds, bool) or not isinstance(seconds, int):
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        return None


def money(minor: int) -> Decimal:
    """Both of our currencies have hundredths."""
    return Decimal(minor) / 100
