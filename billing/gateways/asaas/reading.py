"""Asaas's objects as the protocol's snapshots. Its days are civil days of Brazil, its amounts reais."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from billing.gateways import proration
from billing.gateways.base import (
    Event,
    GatewayAway,
    GatewayState,
    InvoiceSnapshot,
    InvoiceState,
    PaymentSnapshot,
    SubscriptionSnapshot,
    Unreadable,
)
from billing.gateways.bodies import part, text

ZONE = ZoneInfo("America/Sao_Paulo")
STATES = {
    "PENDING": InvoiceState.OPEN, "AUTHORIZED": InvoiceState.CHECKED, "AWAITING_RISK_ANALYSIS": InvoiceState.CHECKED,
    "OVERDUE": InvoiceState.OVERDUE, "DUNNING_REQUESTED": InvoiceState.OVERDUE, "REFUNDED": InvoiceState.REFUNDED,
    **dict.fromkeys(("CONFIRMED", "RECEIVED", "RECEIVED_IN_CASH", "DUNNING_RECEIVED"), InvoiceState.PAID),
    **dict.fromkeys(("REFUND_REQUESTED", "REFUND_IN_PROGRESS"), InvoiceState.PAID),  # the money is still there
    **dict.fromkeys(
        ("CHARGEBACK_REQUESTED", "CHARGEBACK_DISPUTE", "AWAITING_CHARGEBACK_REVERSAL"), InvoiceState.DISPUTED
    ),
}  # fmt: skip
MONEY_IS_THERE = (InvoiceState.PAID, InvoiceState.DISPUTED, InvoiceState.REFUNDED)
METHODS = {"PIX": "pix", "BOLETO": "boleto", "CREDIT_CARD": "card", "DEBIT_CARD": "card"}
INTERVALS = {"MONTHLY": "month", "YEARLY": "year"}
# Said of a payment and of no consequence.
NOISE = ("_VIEWED", "_ANTICIPATED")
Object = dict[str, Any]


def subscription(found: Object, payments: Iterable[Object] = ()) -> SubscriptionSnapshot:
    interval = INTERVALS.get(str(found.get("cycle")), "month")
    listed = sorted(payments, key=lambda one: (str(one.get("dueDate")), str(one.get("id"))), reverse=True)
    dues = [due for one in listed if one.get("subscription") and (due := day(one.get("dueDate")))]
    invoices = tuple(invoice(one, interval, anchor=min(dues, default=None)) for one in listed)
    paid = [one for one in invoices if one.state in (InvoiceState.PAID, InvoiceState.DISPUTED) and one.period_ends_at]
    served = max(paid, key=lambda one: one.period_ends_at or one.issued_at, default=None)
    ends_at = served.period_ends_at if served else None
    ended = _start(day(found.get("endDate")))
    state = _state(found, has_paid=bool(paid), was_paid=any(one.payments for one in invoices))
    return SubscriptionSnapshot(
        id=str(found["id"]),
        state=state,
        status="DELETED" if found.get("deleted") else str(found.get("status")),
        customer=text(found.get("customer")),
        reference=text(found.get("externalReference")),
        amount=amount(found.get("value")),
        period_starts_at=served.period_starts_at if served else None,
        period_ends_at=ends_at,
        cancel_at=ends_at if state is GatewayState.ENDING else None,
        ended_at=ended if state in (GatewayState.CANCELED, GatewayState.NEVER) else None,
        has_method=found.get("billingType") == "CREDIT_CARD" and bool(paid),
        invoices=invoices,
    )


def _state(found: Object, *, has_paid: bool, was_paid: bool) -> GatewayState:
    """It is a scheduler of payments: ACTIVE says that it goes on, and nothing about money."""
    if found.get("deleted"):
        if not was_paid:
            return GatewayState.NEVER
        # One that we ended at once bears its last day; one removed in Asaas's panel ends with what was paid.
        return GatewayState.ENDING if has_paid and not found.get("endDate") else GatewayState.CANCELED
    if found.get("status") in ("INACTIVE", "EXPIRED"):
        return GatewayState.ENDING
    return GatewayState.RUNNING if found.get("status") == "ACTIVE" else GatewayState.UNKNOWN


def invoice(found: Object, interval: str, *, anchor: date | None) -> InvoiceSnapshot:
    state = InvoiceState.VOID if found.get("deleted") else STATES.get(str(found.get("status")), InvoiceState.UNKNOWN)
    due, created = day(found.get("dueDate")), day(found.get("dateCreated"))
    value, original = amount(found.get("value")), found.get("originalValue")
    issued_for = amount(original) if original else value
    if due is None or value is None or issued_for is None:
        raise GatewayAway("a payment without value or due date")
    came = state in MONEY_IS_THERE
    starts, ends = _period(due, interval, anchor) if found.get("subscription") else (None, None)
    return InvoiceSnapshot(
        id=str(found["id"]),
        state=state,
        status=str(found.get("status")),
        amount=issued_for,
        currency="BRL",
        issued_at=end_of(created or due),  # it tells the day only: by its end at the latest
        customer=text(found.get("customer")),
        subscription=text(found.get("subscription")),
        reference=text(found.get("externalReference")),
        number=text(found.get("invoiceNumber")),
        method=METHODS.get(str(found.get("billingType")), ""),
        due_at=end_of(due),
        failed_at=end_of(due) if state is InvoiceState.OVERDUE else None,
        paid=value if came else Decimal(0),
        refunded=_refunded(found, state, value),
        payments=(_payment(found, value, due),) if came else (),
        period_starts_at=starts,
        period_ends_at=ends,
        page_url=page(found.get("invoiceUrl")),
        pdf_url=page(found.get("bankSlipUrl")),
        receipt_url=page(found.get("transactionReceiptUrl")),
    )


def _period(due: date, interval: str, anchor: date | None) -> tuple[datetime, datetime]:
    """From its due day to the next: counted from the first of all, which may be a 31st."""
    first = _noon(anchor or due)
    for number in range(600):
        starts = proration.after(first, interval, number)
        if starts.date() >= due:
            break
    ends = proration.after(first, interval, number + 1) if starts.date() == due else None
    ends = ends or proration.after(_noon(due), interval, 1)  # its due day was moved
    return _at(due, time.min), _at(ends.date(), time.min)


def _payment(found: Object, value: Decimal, due: date) -> PaymentSnapshot:
    """`clientPaymentDate` is when the payer paid; the money itself may come a month later."""
    paid = day(found.get("clientPaymentDate")) or day(found.get("confirmedDate")) or day(found.get("paymentDate"))
    settled = day(found.get("creditDate")) or day(found.get("paymentDate"))
    is_settled = found.get("status") in ("RECEIVED", "RECEIVED_IN_CASH", "DUNNING_RECEIVED")
    return PaymentSnapshot(
        id=str(found["id"]),
        amount=value,
        paid_at=_noon(paid or due),
        settled_at=_noon(settled) if is_settled and settled else None,
    )


def _refunded(found: Object, state: InvoiceState, value: Decimal) -> Decimal:
    if state is InvoiceState.REFUNDED:
        return value
    refunds = found.get("refunds")
    done = [one for one in refunds if isinstance(one, dict)] if isinstance(refunds, list) else []
    amounts = [amount(one.get("value")) or Decimal(0) for one in done if one.get("status") == "DONE"]
    return sum(amounts, Decimal(0))


def event(payload: Object) -> Event:
    """Raises Unreadable."""
    id, kind = payload.get("id"), payload.get("event")
    if not (isinstance(id, str) and id and isinstance(kind, str) and kind):
        raise Unreadable("no id or event")
    payment, plan = part(payload, "payment"), part(payload, "subscription")
    thing = payment or plan
    follows = kind.startswith(("PAYMENT_", "SUBSCRIPTION_")) and not kind.endswith(NOISE) and "_SPLIT_" not in kind
    return Event(
        id=id,
        kind=kind,
        payload=payload,
        happened_at=moment(payload.get("dateCreated")),
        subscription=text(payment.get("subscription")) or text(plan),
        customer=text(thing.get("customer")),
        invoice=text(payment),
        reference=text(thing.get("externalReference")),
        matters=follows and bool(thing),
    )


def amount(value: Any) -> Decimal | None:
    try:
        return Decimal(str(value)).quantize(Decimal("0.01"))
    except InvalidOperation:
        return None


def day(written: Any) -> date | None:
    """ISO, or dd/MM/yyyy in the events of subscriptions."""
    if not isinstance(written, str):
        return None
    try:
        if written[2:3] == "/":
            return datetime.strptime(written[:10], "%d/%m/%Y").date()  # noqa: DTZ007 - a day has no zone
        return date.fromisoformat(written[:10])
    except ValueError:
        return None


def moment(written: Any) -> datetime | None:
    """`2024-06-12 16:45:03`, Brazil's time."""
    try:
        return datetime.fromisoformat(str(written)).replace(tzinfo=ZONE)
    except ValueError:
        return _start(day(written))


def page(url: Any) -> str:
    """Shown as a link, so nothing but http."""
    return url if isinstance(url, str) and url.startswith(("https://", "http://")) else ""


def today(now: datetime) -> date:
    return now.astimezone(ZONE).date()


def end_of(one: date) -> datetime:
    return _at(one, time(23, 59, 59))


def _start(one: date | None) -> datetime | None:
    return _at(one, time.min) if one else None


def _noon(one: date) -> datetime:
    return _at(one, time(12))


def _at(one: date, at: time) -> datetime:
    return datetime.combine(one, at, tzinfo=ZONE)
