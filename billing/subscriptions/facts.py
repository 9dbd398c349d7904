"""The facts of a subscription, read from our own rows."""

from __future__ import annotations

from billing.gateways.base import GatewayState, InvoiceState
from billing.invoices.models import Invoice
from billing.subscriptions.models import Status, Subscription
from billing.subscriptions.queries import others_alive
from billing.subscriptions.states import Charge, Facts, Timers, days


def of(subscription: Subscription) -> Facts:
    """Reads its charges, its plan and, when it has not begun, whether another one is alive."""
    plan = subscription.price.plan
    return Facts(
        status=Status(subscription.status),
        created_at=subscription.created_at,
        timers=Timers(days(plan.grace_after), days(plan.suspend_after), days(plan.cancel_after)),
        gateway_state=GatewayState(subscription.gateway_state) if subscription.gateway_state else None,
        charges=tuple(charge(invoice) for invoice in Invoice.objects.filter(subscription=subscription)),
        trial_ends_at=subscription.trial_ends_at,
        period_starts_at=subscription.period_starts_at,
        period_ends_at=subscription.period_ends_at,
        cancel_at=subscription.cancel_at,
        ended_at=subscription.ended_at,
        dunning_started_at=subscription.dunning_started_at,
        suspended_reason=subscription.suspended_reason,
        access_until=subscription.access_until,
        waits=subscription.status == Status.INCOMPLETE and others_alive(subscription),
    )


def charge(invoice: Invoice) -> Charge:
    return Charge(
        state=InvoiceState(invoice.state),
        amount=invoice.amount,
        issued_at=invoice.issued_at,
        method=invoice.method,
        due_at=invoice.due_at,
        failed_at=invoice.failed_at,
        period_starts_at=invoice.period_starts_at,
        period_ends_at=invoice.period_ends_at,
    )
