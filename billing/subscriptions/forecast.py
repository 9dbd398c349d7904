"""What will happen to a subscription if nothing else does: nobody pays, nobody decides, no gateway says a word."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from billing.subscriptions.models import Status
from billing.subscriptions.states import Facts, Standing, next_state

SPAN = timedelta(days=60)
MOST = 200  # looks: a bound that no subscription of ours reaches


@dataclass(frozen=True, slots=True)
class Step:
    """From `at` on it stands so. `is_charge`: the status stays, and the next period is to be charged."""

    at: datetime
    status: Status
    reason: str = ""
    is_charge: bool = False


def forecast(facts: Facts, now: datetime, *, span: timedelta = SPAN) -> list[Step]:
    """The changes until `span` from now, in order, the present standing first. Asks `next_state` at each moment."""
    until, at = now + span, now
    standing = next_state(facts, now)
    steps = [Step(now, standing.status, standing.suspended_reason)]
    for _look in range(MOST):
        if standing.due_at is None or standing.due_at > until:
            break
        at, before = standing.due_at, standing
        facts = _after(facts, before)
        standing = next_state(facts, at)
        if (standing.status, standing.suspended_reason) != (before.status, before.suspended_reason):
            steps.append(Step(at, standing.status, standing.suspended_reason))
    renews = facts.period_ends_at
    if steps[0].status == Status.ACTIVE and renews and now < renews <= until and not facts.cancel_at:
        steps.append(Step(renews, Status.ACTIVE, is_charge=True))
    return sorted(steps, key=lambda step: step.at)


def _after(facts: Facts, standing: Standing) -> Facts:
    """What is known once it stands so."""
    return replace(
        facts,
        status=standing.status,
        dunning_started_at=standing.dunning_started_at,
        suspended_reason=standing.suspended_reason,
        access_until=standing.access_until,
        ended_at=standing.ended_at,
    )
