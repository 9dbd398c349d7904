"""Calling Stripe: its objects as plain dictionaries, its errors as ours."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import stripe
from django.conf import settings

from billing.gateways.base import GatewayAway, GatewayRefused
from billing.gateways.registry import NoGateway

TIMEOUT = 20.0  # seconds
PAGE = 100


def client() -> stripe.StripeClient:
    """Raises NoGateway without a key."""
    if not settings.STRIPE_SECRET_KEY:
        raise NoGateway("stripe")
    return stripe.StripeClient(
        settings.STRIPE_SECRET_KEY,
        base_addresses={"api": settings.STRIPE_API_BASE},
        max_network_retries=1,
        http_client=stripe.RequestsClient(timeout=TIMEOUT),
    )


def ask(call: Callable[..., Any], *arguments: Any, key: str = "", **params: Any) -> dict[str, Any]:
    """Make one call. `arguments`: ids that stand before its parameters. Raises GatewayAway or GatewayRefused."""
    options = [{"idempotency_key": key}] if key else []
    try:
        return call(*arguments, params, *options).to_dict()
    except stripe.CardError as error:
        raise GatewayRefused(error.code or "card_declined", error.user_message or "") from error
    except (stripe.AuthenticationError, stripe.PermissionError) as error:
        raise GatewayRefused("key_invalid") from error
    except stripe.IdempotencyError as error:
        raise GatewayRefused("idempotency_error") from error
    except stripe.InvalidRequestError as error:
        code = "not_found" if error.http_status == 404 else error.code or "invalid_request"
        raise GatewayRefused(code, field=error.param or "") from error
    except stripe.StripeError as error:
        raise GatewayAway(type(error).__name__) from error


def find(call: Callable[..., Any], *arguments: Any, **params: Any) -> dict[str, Any] | None:
    """None: there is no such thing."""
    try:
        return ask(call, *arguments, **params)
    except GatewayRefused as refusal:
        if refusal.code == "not_found":
            return None
        raise


def pages(call: Callable[..., Any], **params: Any) -> Iterator[dict[str, Any]]:
    """All of a list, newest first."""
    after: dict[str, Any] = {}
    while True:
        page = ask(call, **params, **after, limit=PAGE)
        yield from page["data"]
        if not page.get("has_more") or not page["data"]:
            return
        after = {"starting_after": page["data"][-1]["id"]}
