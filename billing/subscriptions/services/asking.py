"""Asking a gateway for something on somebody's behalf, and what its refusal means to them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from structlog import get_logger

from billing.gateways.base import Gateway, GatewayAway, GatewayRefused, PriceWanted
from billing.gateways.registry import NoGateway, get_gateway
from billing.plans.models import Coupon, GatewayPrice, Price
from billing.subscriptions.errors import DocumentMissing, NotForSale, NotSetUp, PaymentRefused, PaymentsAway
from billing.subscriptions.prices import off

logger = get_logger(__name__)


def gateway(name: str = "") -> Gateway:
    """Raises NotSetUp."""
    try:
        return get_gateway(name)
    except NoGateway:
        raise NotSetUp from None


@contextmanager
def asking() -> Iterator[None]:
    """A person waits for the answer. Raises PaymentRefused or PaymentsAway for what the gateway raises."""
    try:
        yield
    except GatewayRefused as error:
        logger.warning("gateway_refused", code=error.code)
        refused = DocumentMissing() if error.field == "document" else PaymentRefused(error.said)
        raise refused from error
    except GatewayAway as error:
        logger.warning("gateway_away", error=str(error))
        raise PaymentsAway from error


def wanted(price: Price, gateway: Gateway, *, seats: int, coupon: Coupon | None = None) -> PriceWanted:
    """The price as the gateway is asked for it. Raises NotForSale when it cannot charge it."""
    if price.currency not in gateway.abilities.currencies:
        raise NotForSale
    external_id = ""
    if gateway.abilities.has_prices:
        known = GatewayPrice.objects.filter(price=price, gateway=gateway.name).first()
        if known is None:
            logger.error("price_not_at_gateway", gateway=gateway.name, price=str(price.pk))
            raise NotForSale
        external_id = known.external_id
    quantity = seats if price.per_member else 1
    return PriceWanted(
        external_id=external_id,
        amount=price.amount,
        currency=price.currency,
        interval=price.interval,
        quantity=quantity,
        description=f"Colmeia {price.plan.name}",
        discount=off(price, coupon, price.amount * quantity),
        discount_periods=coupon.periods if coupon else None,
    )
