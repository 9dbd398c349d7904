"""Giving money back."""

from __future__ import annotations

from decimal import Decimal

from billing.gateways import intents
from billing.invoices.models import Invoice
from billing.subscriptions.errors import NothingToRefund
from billing.subscriptions.services.asking import asking, gateway
from billing.subscriptions.sync import sync
from shared_apps.accounts.models import User
from shared_apps.tenancy import context


def refund(invoice: Invoice, *, amount: Decimal | None, by: User | None, seen: Decimal | None = None) -> Invoice:
    """Give back `amount`, None for all that is left; what follows for access is decided as always, by sync().

    `seen`: what had been given back when the person decided. Asked twice from there, it is done once.
    Raises NothingToRefund, PaymentRefused, PaymentsAway.
    """
    with context.public():
        before = invoice.refunded if seen is None else seen
        left = invoice.paid - before
        if (amount is not None and not 0 < amount <= left) or left <= 0 or invoice.subscription_id is None:
            raise NothingToRefund
        provider = gateway(invoice.gateway)
        asked = {"invoice": invoice.external_id, "amount": amount}
        with asking():
            intents.once(
                f"refund:{invoice.pk}:{before}:{amount}",
                gateway=provider.name,
                purpose="refund",
                request=asked,
                call=lambda key: provider.refund(invoice.external_id, amount=amount, key=key),
            )
        sync(invoice.subscription_id, cause="refund", by=by)
        invoice.refresh_from_db()
        return invoice
