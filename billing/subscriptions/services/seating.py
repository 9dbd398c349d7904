"""Plans that charge for each member: the quantity follows who works there.

Whoever joins works from the first day on, and the difference is charged then; whoever leaves is paid for until the
period ends. What cannot be changed now (a payment is due, the gateway is away) is looked at again each night.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from structlog import get_logger

from billing.subscriptions import queries
from billing.subscriptions.models import Subscription
from billing.subscriptions.services.changing import RUNNING, change_plan, undo_change
from shared_apps.core.errors import DomainError
from shared_apps.organizations.models import Membership
from shared_apps.tenancy import context

logger = get_logger(__name__)


def people_of(organization_id: UUID) -> int:
    """How many are charged for: who may work there now, an owner at least."""
    return max(Membership.objects.filter(organization=organization_id, is_active=True).count(), 1)


def is_followed(organization_id: UUID) -> bool:
    subscription = queries.live(organization_id)
    return subscription is not None and subscription.price.per_member


def follow_members(organization_id: UUID, *, now: datetime | None = None) -> Subscription | None:
    """Bring the quantity to the number of members; None where there is nothing to do, or not now.

    The gateway's refusals come through, as from `change_plan`.
    """
    with context.public():
        subscription = queries.live(organization_id)
        if subscription is None or not subscription.price.per_member or subscription.status not in RUNNING:
            return None
        people, planned = people_of(organization_id), subscription.next_price_id
        if planned not in (None, subscription.price_id):
            return None  # another plan is about to begin: it is brought up to date after that
        wanted = subscription.next_seats if planned else subscription.seats
        if wanted == people:
            return None
        if planned and people == subscription.seats and not subscription.next_price_due:
            return undo_change(subscription, by=None, now=now)
        return change_plan(subscription, price=subscription.price, seats=people, by=None, now=now)


def follow_everywhere(*, now: datetime | None = None) -> int:
    """Each night: what could not be changed by day. How many were."""
    with context.public():
        known = Subscription.objects.filter(price__per_member=True, status__in=RUNNING)
        done = 0
        for organization_id in list(known.values_list("organization_id", flat=True)):
            try:
                done += follow_members(organization_id, now=now) is not None
            except DomainError as error:
                logger.warning("members_not_followed", organization=str(organization_id), code=error.code)
    return done
