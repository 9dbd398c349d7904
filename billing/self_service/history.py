"""What happened to a subscription, in the words of those who pay it."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from billing.subscriptions.models import Status, Subscription, SubscriptionTransition
from shared_apps.accounts.models import User
from shared_apps.tenancy import context

SHOWN = 20
# By the status that it came to, or by what was asked for where the status stayed: the beginning of its cause.
CAME_TO: dict[str, str | Promise] = {
    Status.INCOMPLETE: _("A purchase was begun"),
    Status.TRIALING: _("The trial began"),
    Status.ACTIVE: _("The plan is active"),
    Status.PAST_DUE: _("A payment did not arrive"),
    Status.GRACE: _("Only looking and exporting, for want of a payment"),
    Status.SUSPENDED: _("Access was suspended"),
    Status.CANCELED: _("The plan ended"),
}
ASKED_FOR: dict[str, str | Promise] = {
    "cancel": _("Will not be renewed"),
    "resume": _("Will be renewed after all"),
    "plan.changing": _("Another plan was chosen"),
    "plan.changed": _("Another plan was chosen"),
    "seats.changing": _("Another number of people"),
    "plan.change_given_up": _("The plan stays as it was"),
}
DUNNED = (Status.PAST_DUE, Status.GRACE, Status.SUSPENDED)


class Happening(NamedTuple):
    at: datetime
    label: str | Promise
    by: User | None


def of(subscription: Subscription | None) -> list[Happening]:
    """Newest first."""
    if subscription is None:
        return []
    with context.public():
        rows = list(subscription.transitions.select_related("by", "subscription").order_by("-at", "-pk")[:SHOWN])
    return [Happening(row.at, words(row), row.by) for row in rows]


def words(row: SubscriptionTransition) -> str | Promise:
    if row.from_status == row.to_status:
        asked = row.cause.partition(":")[0]
        return ASKED_FOR.get(asked, _("The trial was extended") if row.to_status == Status.TRIALING else _("Changed"))
    if row.to_status == Status.TRIALING and row.subscription.replaces_id:
        return _("The plan goes on at another payment service")
    if row.to_status == Status.ACTIVE and row.from_status in DUNNED:
        return _("The payment arrived")
    return CAME_TO.get(row.to_status, row.to_status)
