"""What these pages do that needs more than one call below."""

from __future__ import annotations

from uuid import UUID

from django.core.cache import cache
from redis.exceptions import RedisError
from structlog import get_logger

from billing.gateways.base import GatewayAway, GatewayRefused
from billing.gateways.registry import NoGateway
from billing.subscriptions import queries, services
from billing.subscriptions.errors import NoOpenCharge, NoPaymentPage, NotSubscribed, PaymentsAway
from billing.subscriptions.models import Checkout, Subscription
from billing.subscriptions.services.asking import asking, gateway
from billing.subscriptions.sync import sync
from shared_apps.core.errors import NotThere
from shared_apps.core.ids import uuid7
from shared_apps.organizations.models import Organization
from shared_apps.tenancy import context

logger = get_logger(__name__)
ASKED_EVERY = 15  # seconds: a page that waits asks our rows more often than the gateway, which counts what it is asked
AWAY = (GatewayAway, GatewayRefused, NoGateway, PaymentsAway)


def look_at(organization: Organization, checkout: UUID, session: str = "", *, again: bool = False) -> Checkout:
    """What became of a purchase, as far as the gateway says. Raises NotThere for one that is not theirs.

    `again`: the page was there before and waits; webhooks tell us meanwhile.
    """
    with context.public():
        known = Checkout.objects.filter(organization=organization, pk=checkout).select_related("subscription").first()
    if known is None or (session and known.external_id and session != known.external_id):
        raise NotThere
    if again and not _is_its_turn(checkout):
        return known
    try:
        return services.finish_checkout(organization, checkout=str(checkout))
    except AWAY as error:
        logger.warning("checkout_not_known_yet", checkout=str(checkout), error=repr(error))
        return known


def _is_its_turn(checkout: UUID) -> bool:
    try:
        return bool(cache.add(f"billing:asked:{checkout}", 1, ASKED_EVERY))
    except RedisError:
        return True


def method_changed(organization: Organization) -> None:
    """Somebody comes back from changing the way to pay, which may have paid what was open: ask at once."""
    with context.public():
        subscription = queries.live(organization.pk)
        if subscription is None or not subscription.external_id:
            return
        try:
            sync(subscription.pk, cause="method")
        except AWAY as error:
            logger.warning("method_not_known_yet", subscription=str(subscription.pk), error=repr(error))


def running(organization: Organization) -> Subscription:
    """Raises NotSubscribed."""
    with context.public():
        found = queries.live(organization.pk)
    if found is None:
        raise NotSubscribed
    return found


def method_page(organization: Organization, *, return_url: str) -> str:
    """Where the way to pay is changed. Raises NotSubscribed, NoPaymentPage, PaymentRefused, PaymentsAway."""
    subscription = running(organization)
    if not subscription.external_id:
        raise NoPaymentPage
    with asking():
        provider = gateway(subscription.gateway)
        if not provider.abilities.portal and queries.next_to_pay(subscription) is None:
            raise NoOpenCharge
        return provider.method_page(subscription.external_id, return_url=return_url, key=f"method:{uuid7()}")
