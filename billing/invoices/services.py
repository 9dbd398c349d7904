"""Writing down what a gateway says of its charges. The same answer twice writes the same rows once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from structlog import get_logger

from billing.gateways.base import InvoiceSnapshot, InvoiceState, PaymentSnapshot
from billing.invoices.models import Invoice, Payment

logger = get_logger(__name__)
UNPAID = (InvoiceState.FAILED, InvoiceState.OVERDUE)


def record(
    snapshots: Iterable[InvoiceSnapshot],
    *,
    gateway: str,
    organization_id: UUID,
    subscription_id: UUID | None,
    fetched_at: datetime,
) -> list[Payment]:
    """Write charges and the payments in them; returns the new payments. The caller holds the subscription.

    `subscription_id` None: nothing follows from them for the one that the organization has.
    """
    new: list[Payment] = []
    for snapshot in snapshots:
        known = Invoice.objects.filter(gateway=gateway, external_id=snapshot.id).first()
        if known is not None and known.organization_id != organization_id:
            logger.error("invoice_of_another_organization", gateway=gateway, invoice=snapshot.id)
            continue
        invoice = known or Invoice(gateway=gateway, external_id=snapshot.id, organization_id=organization_id)
        invoice.subscription_id = invoice.subscription_id or subscription_id
        _copy(snapshot, invoice, fetched_at)
        invoice.save()
        new += _payments(snapshot, invoice)
    return new


def _copy(snapshot: InvoiceSnapshot, invoice: Invoice, fetched_at: datetime) -> None:
    if snapshot.state != InvoiceState.UNKNOWN or invoice._state.adding:
        invoice.state = snapshot.state.value
    else:
        logger.error("invoice_state_unknown", gateway=invoice.gateway, status=snapshot.status, invoice=snapshot.id)
    invoice.gateway_status = snapshot.status[:40]
    invoice.failed_at = _failed_at(snapshot, invoice, fetched_at)
    invoice.amount, invoice.currency = snapshot.amount, snapshot.currency
    invoice.paid, invoice.refunded = snapshot.paid, snapshot.refunded
    invoice.number, invoice.method = snapshot.number[:60], snapshot.method[:12]
    invoice.issued_at, invoice.due_at = snapshot.issued_at, snapshot.due_at
    invoice.paid_at = min((payment.paid_at for payment in snapshot.payments), default=None)
    settled = [payment.settled_at for payment in snapshot.payments if payment.settled_at]
    invoice.settled_at = max(settled, default=invoice.settled_at)
    invoice.period_starts_at = snapshot.period_starts_at or invoice.period_starts_at
    invoice.period_ends_at = snapshot.period_ends_at or invoice.period_ends_at
    invoice.page_url, invoice.pdf_url, invoice.receipt_url = snapshot.page_url, snapshot.pdf_url, snapshot.receipt_url


def _failed_at(snapshot: InvoiceSnapshot, invoice: Invoice, fetched_at: datetime) -> datetime | None:
    """Dunning counts from the first failure, whatever number of times the gateway tried again since."""
    if snapshot.state == InvoiceState.UNKNOWN:
        return invoice.failed_at
    if snapshot.state not in UNPAID:
        return snapshot.failed_at
    said = snapshot.failed_at or (snapshot.due_at if snapshot.state == InvoiceState.OVERDUE else None)
    return min(filter(None, [said or fetched_at, invoice.failed_at]))


def _payments(snapshot: InvoiceSnapshot, invoice: Invoice) -> list[Payment]:
    new = []
    before = Decimal(0)
    for payment in sorted(snapshot.payments, key=lambda one: (one.paid_at, one.id)):
        if payment.amount > 0:
            row, made = _payment(payment, invoice, is_credit=invoice.amount > 0 and before >= invoice.amount)
            if made:
                new.append(row)
            before += payment.amount
    return new


def _payment(payment: PaymentSnapshot, invoice: Invoice, *, is_credit: bool) -> tuple[Payment, bool]:
    row, made = Payment.objects.get_or_create(
        gateway=invoice.gateway,
        external_id=payment.id,
        defaults={
            "invoice": invoice,
            "amount": payment.amount,
            "currency": invoice.currency,
            "paid_at": payment.paid_at,
            "is_credit": is_credit,
        },
    )
    if made and is_credit:
        logger.error("paid_twice", gateway=invoice.gateway, invoice=invoice.external_id, payment=payment.id)
    return row, made
