"""Stripe: cards, in reais and dollars. The only place that knows its SDK."""

from billing.gateways.stripe.adapter import StripeGateway

__all__ = ["StripeGateway"]
