"""Which organization a gateway's customer is."""

from __future__ import annotations

from uuid import UUID

from structlog import get_logger

from billing.subscriptions.models import Customer

logger = get_logger(__name__)


def id_of(organization_id: UUID, gateway: str) -> str:
    """The gateway's id; empty where it has none yet."""
    known = Customer.objects.filter(organization_id=organization_id, gateway=gateway)
    return known.values_list("external_id", flat=True).first() or ""


def remember(organization_id: UUID, gateway: str, external_id: str) -> None:
    """From now on it is this one: the last may have been deleted there. Nobody's else is taken over."""
    theirs = Customer.objects.filter(gateway=gateway, external_id=external_id).exclude(organization_id=organization_id)
    if theirs.exists():
        logger.error("customer_of_another", gateway=gateway, customer=external_id, organization=str(organization_id))
        return
    Customer.objects.update_or_create(
        organization_id=organization_id, gateway=gateway, defaults={"external_id": external_id}
    )
