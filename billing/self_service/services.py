"""What these pages do that needs more than one call below."""

from __future__ import annotations

from uuid import UUID

from structlog import get_logger

from billing.gateways.base import GatewayAway, GatewayRefused
from billing.gateways.registry import NoGateway
from billing.subscriptions import queries, services
from billing.subscriptions.errors import NoOpenCharge, NoPaymentPage, NotSubscribed, PaymentsAway
from billing.subscriptions.models import Checkout, Subscription
from billing.subscriptions.services.asking import asking, gateway
from shared_apps.core.errors import NotThere
from shared_apps.core.ids import uuid7
from shared_apps.organizations.models import Organization
from shared_apps.tenancy import context

logger = get_logger(__name__)


def look_at(organization: Organization, checkout: UUID, session: str = "") -> Checkout:
    """What became of a purchase, as far as the gateway says. Raises NotThere for one that is not theirs."""
    with context.public():
        known = Checkout.objects.filter(organization=organization, pk=checkout).select_related("subscription").first()
    if known is None or (session and known.external_id and session != known.external_id):
        raise NotThere
    try:
        return services.finish_checkout(organization, checkout=str(checkout))
    except (GatewayAway, GatewayRefused, NoGateway, PaymentsAway) as error:
        logger.warning("checkout_not_known_yet", checkout=str(checkout), error=repr(error))
        return known


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
