"""What the pages show of plans, invoices and charges."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext as _
from structlog import get_logger

from billing import clock
from billing.entitlements import Feature
from billing.gateways.base import ChargeDetails, GatewayAway, GatewayRefused
from billing.gateways.registry import NoGateway, get_gateway
from billing.invoices.models import Invoice
from billing.plans.features import LABELS, OFFERED
from billing.plans.models import Interval, Plan, Price
from billing.subscriptions import discounts, prices
from billing.subscriptions import queries as subscriptions
from billing.subscriptions.models import Checkout, Status, Subscription
from billing.subscriptions.services import seating
from shared_apps.core import formats
from shared_apps.core.errors import NotThere
from shared_apps.organizations.models import Organization
from shared_apps.tenancy import context

logger = get_logger(__name__)
SHOWN = 24  # invoices
TO_PAY = (Invoice.State.OPEN, Invoice.State.FAILED, Invoice.State.OVERDUE)


@dataclass(frozen=True, slots=True)
class Offer:
    """A plan for sale at one price, and what it allows, in words."""

    plan: Plan
    price: Price
    lines: list[str]
    is_current: bool
    is_suggested: bool

    @property
    def a_month(self) -> Decimal | None:
        """Of a year's price, to compare."""
        return self.price.amount / 12 if self.price.interval == Interval.YEAR else None


def offers(organization: Organization, interval: str, current: Subscription | None) -> list[Offer]:
    with context.public():
        found = []
        for price in offered(organization, interval, current):
            allowed = {row.feature: row.amount for row in price.plan.entitlements.all()}
            is_current = current is not None and current.price_id == price.pk and current.status != "canceled"
            found.append(Offer(price.plan, price, lines(allowed), is_current, _is_suggested(price, current)))
        return found


def _is_suggested(price: Price, current: Subscription | None) -> bool:
    """What is being tried, then whatever is larger than what is paid."""
    if current is None or not current.external_id:
        return price.plan.is_tried
    return price.plan.position > current.price.plan.position


def offered(organization: Organization, interval: str, current: Subscription | None) -> Sequence[Price]:
    """Prices for sale, in the currency that is paid already, else the organization's, else reais."""
    sold = Price.objects.filter(retired_at=None, plan__is_offered=True, interval=interval)
    sold = sold.select_related("plan").prefetch_related("plan__entitlements").order_by("plan__position")
    currency = current.price.currency if current is not None and current.external_id else organization.currency
    return list(sold.filter(currency=currency)) or list(sold.filter(currency="BRL"))


def lines(allowed: dict[str, int | None]) -> list[str]:
    """What a plan allows, one line a feature."""
    return [_line(feature, allowed[feature.value]) for feature in Feature if feature.value in allowed]


def _line(feature: Feature, amount: int | None) -> str:
    label = str(OFFERED.get(feature, LABELS[feature]))
    if not feature.is_limit:
        return label
    return f"{label}: {formats.number(amount) if amount is not None else _('without limit')}"


def ways_offered(price: Price) -> tuple[str, ...]:
    """The ways to pay of the gateway that new purchases go to; PIX and boleto are in reais."""
    try:
        known = get_gateway().abilities.methods
    except NoGateway:
        return ()
    return tuple(one for one in known if one == "card" or price.currency == "BRL")


def price_for_sale(pk: UUID) -> Price:
    """Raises NotThere."""
    with context.public():
        price = Price.objects.select_related("plan").filter(pk=pk, retired_at=None, plan__is_offered=True).first()
    if price is None:
        raise NotThere
    return price


def people_of(organization_id: UUID) -> int:
    """How many a plan that charges for each member charges for."""
    with context.public():
        return seating.people_of(organization_id)


def bought(subscription: Subscription | None) -> Subscription | None:
    """What is changed rather than bought; None where there is something to buy."""
    with context.public():
        return subscription if subscription is not None and subscriptions.is_bought(subscription) else None


@dataclass(frozen=True, slots=True)
class Method:
    """How the way to pay is changed: on a page of the gateway's, or with the next charge, on that one's page."""

    has_page: bool
    next_charge: Invoice | None = None


def method_of(subscription: Subscription | None) -> Method | None:
    """None where nothing was bought, or its gateway is not set up here any more."""
    if subscription is None or not subscription.external_id or subscription.status == Status.CANCELED:
        return None
    try:
        has_page = get_gateway(subscription.gateway).abilities.portal
    except NoGateway:
        return None
    with context.public():
        return Method(has_page, None if has_page else subscriptions.next_to_pay(subscription))


@dataclass(frozen=True, slots=True)
class Move:
    """To another payment service, from `day` on. `url`: where owners agree to it; empty once they have."""

    gateway: str
    day: datetime | None
    url: str = ""

    @property
    def is_made(self) -> bool:
        return not self.url


def move_of(subscription: Subscription | None) -> Move | None:
    if subscription is None:
        return None
    with context.public():
        agreed = subscriptions.follower(subscription)
        if agreed is not None:
            return Move(agreed.gateway.capitalize(), subscription.period_ends_at)
        waits = Checkout.objects.filter(subscription__replaces=subscription, closed_at=None, expires_at__gt=clock.now())
        page = waits.exclude(url="").first()
        return Move(page.gateway.capitalize(), subscription.period_ends_at, page.url) if page else None


def other_interval(price: Price) -> str:
    return Interval.YEAR if price.interval == Interval.MONTH else Interval.MONTH


def invoices_of(organization_id: UUID) -> list[Invoice]:
    """The newest; a trial's empty ones are nothing to show."""
    with context.public():
        known = Invoice.objects.filter(organization=organization_id, amount__gt=0).exclude(state="draft")
        return list(known.order_by("-issued_at")[:SHOWN])


def to_pay(invoices: list[Invoice]) -> Invoice | None:
    """The oldest of these that waits for money."""
    return next((one for one in reversed(invoices) if one.state in TO_PAY), None)


@dataclass(frozen=True, slots=True)
class Cost:
    """What a period costs, and with a coupon while that lasts (None: without one)."""

    total: Decimal
    discounted: Decimal | None


def cost_of(subscription: Subscription) -> Cost:
    price = subscription.price
    seats = subscription.seats if price.per_member else 1
    total = price.amount * seats
    with context.public():
        off = prices.off(price, discounts.left(subscription), total)
    return Cost(total, total - off if off else None)


def invoice_of(organization_id: UUID, pk: UUID) -> Invoice:
    """Raises NotThere, also for another organization's."""
    with context.public():
        found = Invoice.objects.filter(organization=organization_id, pk=pk).first()
    if found is None:
        raise NotThere
    return found


def ways_to_pay(invoice: Invoice) -> ChargeDetails:
    """PIX and boleto of an open charge, asked of the gateway; nothing when there are none, or it does not answer."""
    if invoice.state not in TO_PAY:
        return ChargeDetails()
    try:
        return get_gateway(invoice.gateway).charge_details(invoice.external_id)
    except (GatewayAway, GatewayRefused, NoGateway) as error:
        logger.warning("charge_details_away", invoice=str(invoice.pk), error=repr(error))
        return ChargeDetails()
