"""THE door to payment providers. A new one is a folder beside this file and a line in ADAPTERS."""

from __future__ import annotations

from contextlib import suppress

from django.conf import settings
from django.utils.module_loading import import_string

from billing.gateways.base import Gateway

ADAPTERS = {
    "stripe": "billing.gateways.stripe.StripeGateway",
    "asaas": "billing.gateways.asaas.AsaasGateway",
    "sandbox": "billing.gateways.sandbox.SandboxGateway",
}


class NoGateway(LookupError):
    """Nobody by that name, or its keys are not set."""


def get_gateway(name: str = "") -> Gateway:
    """The adapter by its name; the one new subscriptions go to when none is given. Raises NoGateway."""
    name = name or settings.BILLING_GATEWAY
    if name not in ADAPTERS:
        raise NoGateway(name)
    gateway: Gateway = import_string(ADAPTERS[name]).from_settings()
    return gateway


def with_prices() -> list[str]:
    """Those that are set up here and charge by ids of their own, which each of our prices must be linked to."""
    return [name for name in set_up() if get_gateway(name).abilities.has_prices]


def set_up() -> list[str]:
    found = []
    for name in ADAPTERS:
        with suppress(NoGateway):
            found.append(get_gateway(name).name)
    return found
