"""What a subscription's status is: one pure function of payments, the gateway's object and the clock.

Payments decide. A gateway's object can end, suspend or point at an unpaid charge; it never grants anything. The timers
of dunning are ours: they count from the moment the first charge failed, so whoever asks late gets the same answer.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from billing.gateways.base import GatewayState, InvoiceState
from billing.subscriptions.business_days import after_business_days
from billing.subscriptions.models import Status

UNFINISHED = timedelta(hours=24)  # how long a purchase may stay without a gateway's subscription
SETTLES = timedelta(days=3)  # how long a gateway may take to say what became of a charge at a trial's end
BOLETO_DAYS = 3  # business days: a boleto paid on its last day is known one or two of them later


class Reason(StrEnum):
    """Why something is suspended. Stored."""

    UNPAID = "unpaid"
    TRIAL_ENDED = "trial_ended"
    REFUNDED = "refunded"
    DISPUTED = "disputed"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class Charge:
    """An invoice, as far as the status depends on it."""

    state: InvoiceState
    amount: Decimal
    issued_at: datetime
    method: str = ""
    due_at: datetime | None = None
    failed_at: datetime | None = None
    period_starts_at: datetime | None = None
    period_ends_at: datetime | None = None

    @property
    def is_owed(self) -> bool:
        return self.state in (InvoiceState.FAILED, InvoiceState.OVERDUE)

    @property
    def is_open(self) -> bool:
        return self.state in (InvoiceState.DRAFT, InvoiceState.OPEN, InvoiceState.CHECKED)

    @property
    def owed_since(self) -> datetime:
        return self.failed_at or self.due_at or self.issued_at

    def covers(self, now: datetime) -> bool:
        """Whether its period is running. One that names no period is taken as running."""
        starts, ends = self.period_starts_at, self.period_ends_at
        return (starts is None or starts <= now) and (ends is None or now < ends)


def days(count: int) -> timedelta:
    return timedelta(days=count)


@dataclass(frozen=True, slots=True)
class Timers:
    """Days from the first failure to each step; they never go back."""

    grace: timedelta = timedelta(days=3)
    suspend: timedelta = timedelta(days=10)
    cancel: timedelta = timedelta(days=40)


@dataclass(frozen=True, slots=True)
class Facts:
    """All that the status follows from. `gateway_state` None: there is no gateway's subscription (yet).

    `waits`: another subscription of the organization is alive, which this one is to follow.
    """

    status: Status
    created_at: datetime
    timers: Timers = Timers()
    gateway_state: GatewayState | None = None
    charges: tuple[Charge, ...] = ()
    trial_ends_at: datetime | None = None
    period_starts_at: datetime | None = None
    period_ends_at: datetime | None = None
    cancel_at: datetime | None = None
    ended_at: datetime | None = None  # by the gateway, or already by us
    dunning_started_at: datetime | None = None
    suspended_reason: str = ""
    access_until: datetime | None = None
    waits: bool = False

    @property
    def is_paid(self) -> bool:
        """Whether money ever came. What a gateway charges nothing for during a trial is no payment."""
        return any(self.grants(charge) for charge in self.charges)

    def grants(self, charge: Charge) -> bool:
        if charge.state != InvoiceState.PAID:
            return False
        return charge.amount > 0 or self.trial_ends_at is None or charge.issued_at >= self.trial_ends_at

    @property
    def paid_until(self) -> datetime | None:
        ends = [charge.period_ends_at for charge in self.charges if self.grants(charge) and charge.period_ends_at]
        return max(ends, default=None)

    @property
    def owed(self) -> tuple[Charge, ...]:
        return tuple(charge for charge in self.charges if charge.is_owed)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a subscription stands. `due_at`: when the clock alone may change that; None: never."""

    status: Status
    dunning_started_at: datetime | None = None
    suspended_reason: str = ""
    access_until: datetime | None = None
    ended_at: datetime | None = None
    due_at: datetime | None = None


def next_state(facts: Facts, now: datetime) -> Standing:
    """Where it stands now. The same facts at the same moment always give the same answer."""
    standing = _standing(facts, now)
    return replace(standing, due_at=_next_moment(facts, standing, now))


def _standing(facts: Facts, now: datetime) -> Standing:
    if facts.status == Status.CANCELED:  # left only by buying again
        return _ended(facts, facts.ended_at or now)
    end = _end(facts, now)
    if end is not None and end <= now:
        return _ended(facts, end)
    if facts.waits:
        return Standing(Status.INCOMPLETE)
    if facts.gateway_state == GatewayState.UNKNOWN:
        return _unchanged(facts)
    if reason := _objection(facts, now):
        return Standing(Status.SUSPENDED, suspended_reason=reason, access_until=None)
    start = dunning_start(facts, now)
    if start is not None and start <= now:
        return _dunning(facts, start, now)
    if facts.is_paid or (facts.status != Status.INCOMPLETE and facts.trial_ends_at is None):
        return Standing(Status.ACTIVE, access_until=facts.cancel_at or facts.paid_until or facts.period_ends_at)
    if facts.trial_ends_at is None:
        return Standing(Status.INCOMPLETE)
    return Standing(Status.TRIALING, access_until=facts.cancel_at or facts.trial_ends_at)


def _unchanged(facts: Facts) -> Standing:
    return Standing(facts.status, facts.dunning_started_at, facts.suspended_reason, facts.access_until, facts.ended_at)


def _ended(facts: Facts, at: datetime) -> Standing:
    """`access_until` stays empty for what never began."""
    if facts.status == Status.CANCELED:
        return Standing(
            Status.CANCELED, facts.dunning_started_at, facts.suspended_reason, facts.access_until, facts.ended_at or at
        )
    start = dunning_start(facts, at)
    start = start if start is not None and start <= at else None
    began = facts.status != Status.INCOMPLETE or facts.is_paid
    return Standing(
        Status.CANCELED,
        dunning_started_at=start,
        suspended_reason=_why_unpaid(facts) if start else "",
        access_until=at if began else None,
        ended_at=at,
    )


def _end(facts: Facts, now: datetime) -> datetime | None:
    """When it is over for good, as far as that is known now."""
    ends = [facts.cancel_at]
    never = (
        facts.gateway_state == GatewayState.NEVER and facts.trial_ends_at is None
    )  # a trial outlives a failed purchase
    if facts.gateway_state == GatewayState.CANCELED or never:
        ends.append(facts.ended_at or now)
    if facts.gateway_state == GatewayState.ENDING and facts.cancel_at is None:
        ends.append(facts.paid_until or facts.trial_ends_at or now)
    if facts.status == Status.INCOMPLETE and not facts.is_paid and not facts.waits and facts.trial_ends_at is None:
        ends.append(_unfinished_until(facts))
    start = dunning_start(facts, now)
    if start is not None and facts.gateway_state != GatewayState.UNKNOWN:
        ends.append(start + facts.timers.cancel)
    return min((end for end in ends if end is not None), default=None)


def _unfinished_until(facts: Facts) -> datetime:
    """A purchase expires; one with a boleto not before somebody could know whether that was paid."""
    dues = [charge.due_at for charge in facts.charges if charge.due_at and (charge.is_open or charge.is_owed)]
    return max([facts.created_at + UNFINISHED, *(after_business_days(due, BOLETO_DAYS) for due in dues)])


def _objection(facts: Facts, now: datetime) -> str:
    """Why it is suspended at once, whatever the timers say."""
    if any(charge.state == InvoiceState.DISPUTED for charge in facts.charges):
        return Reason.DISPUTED
    refunded = [charge for charge in facts.charges if charge.state == InvoiceState.REFUNDED]
    if any(charge.covers(now) for charge in refunded) or (refunded and not facts.is_paid):
        paid = any(facts.grants(charge) and charge.covers(now) for charge in facts.charges)
        if not paid:
            return Reason.REFUNDED
    if facts.gateway_state == GatewayState.PAUSED and not _trial_without_pay(facts):
        return Reason.PAUSED
    return ""


def _trial_without_pay(facts: Facts) -> bool:
    return facts.trial_ends_at is not None and not facts.is_paid


def dunning_start(facts: Facts, now: datetime) -> datetime | None:
    """Since when money is missing, which may be a moment to come; None: it is not."""
    trial = facts.trial_ends_at
    if facts.trial_ends_at is None and not facts.is_paid and facts.status == Status.INCOMPLETE:
        return None  # it never began: nothing is owed for it
    owed = min((charge.owed_since for charge in facts.owed), default=None)
    if trial is not None and not facts.is_paid:
        if _is_without_method(facts):
            return trial
        return max(owed, trial) if owed else _settled_by(facts, trial)
    if owed is not None:
        return owed
    if facts.gateway_state in (GatewayState.PAST_DUE, GatewayState.UNPAID):
        return facts.dunning_started_at or min(facts.period_starts_at or now, now)
    return None


def _is_without_method(facts: Facts) -> bool:
    """A trial that nobody gave a way to pay for: there is nothing to wait for when it ends."""
    if facts.gateway_state in (None, GatewayState.INCOMPLETE, GatewayState.NEVER, GatewayState.PAUSED):
        return True
    return facts.suspended_reason == Reason.TRIAL_ENDED  # left by paying, not by beginning to


def _settled_by(facts: Facts, trial_ends_at: datetime) -> datetime:
    """By when the first charge after a trial is paid or failed; nobody is cut off for a gateway's silence before."""
    dues = [charge.due_at for charge in facts.charges if charge.is_open and charge.due_at]
    return max([trial_ends_at, *([min(dues)] if dues else [])]) + SETTLES


def _dunning(facts: Facts, start: datetime, now: datetime) -> Standing:
    if _why_unpaid(facts) == Reason.TRIAL_ENDED:
        return Standing(Status.SUSPENDED, start, Reason.TRIAL_ENDED)
    grace, suspend = steps(facts, start)
    if facts.gateway_state == GatewayState.UNPAID or now >= suspend:
        return Standing(Status.SUSPENDED, start, Reason.UNPAID)
    status = Status.GRACE if now >= grace else Status.PAST_DUE
    return Standing(status, start, access_until=min(filter(None, [suspend, facts.cancel_at])))


def _why_unpaid(facts: Facts) -> Reason:
    return Reason.TRIAL_ENDED if _trial_without_pay(facts) and _is_without_method(facts) else Reason.UNPAID


def steps(facts: Facts, start: datetime) -> tuple[datetime, datetime]:
    """When grace begins, and suspension: later for a boleto, which is known to be paid only days after."""
    slow = [after_business_days(charge.due_at, BOLETO_DAYS) for charge in facts.owed
            if charge.method == "boleto" and charge.due_at]  # fmt: skip
    grace = max([start + facts.timers.grace, *slow])
    return grace, max(start + facts.timers.suspend, grace)


def _next_moment(facts: Facts, standing: Standing, now: datetime) -> datetime | None:
    if standing.status == Status.CANCELED:
        return None
    start = dunning_start(facts, now)
    moments = [facts.trial_ends_at, _end(facts, now), start]
    if start is not None:
        moments += steps(facts, start)
    for charge in facts.charges:
        if charge.state == InvoiceState.REFUNDED or facts.grants(charge):
            moments += [charge.period_starts_at, charge.period_ends_at]
    return min((moment for moment in moments if moment and moment > now), default=None)
