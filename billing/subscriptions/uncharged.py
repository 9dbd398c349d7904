"""A period that nobody is asked to pay: no failure of the customer's, so the status stays; somebody must know of it.

It comes about where a charge is deleted by hand in a gateway's panel, or a gateway stops making them.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from billing.gateways.base import GatewayState, InvoiceState
from billing.subscriptions.models import Status
from billing.subscriptions.states import Facts

WORKS = (Status.ACTIVE, Status.PAST_DUE, Status.GRACE)
ASKING = (GatewayState.RUNNING, GatewayState.TRIALING, GatewayState.PAST_DUE)
WAITS = timedelta(days=2)  # a gateway may make the charge of a period a while after it began


def since(facts: Facts, now: datetime) -> datetime | None:
    """Since when it runs without a charge, paid or not; None: it does not."""
    if facts.status not in WORKS or facts.gateway_state not in ASKING or facts.cancel_at is not None:
        return None
    trial = facts.trial_ends_at
    begun = max(facts.created_at, trial) if trial is not None else facts.created_at
    standing = [one for one in facts.charges if one.state != InvoiceState.VOID and one.period_ends_at is not None]
    ends = max((one.period_ends_at for one in standing if one.period_ends_at), default=begun)
    starts = max(ends, begun)
    return starts if starts + WAITS <= now else None
