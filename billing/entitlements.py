"""THE door for tenant apps: what an organization's plan allows.

    entitlements.register(Feature.CLIENTS, count)                   once, in ready(): how many are there now
    entitlements.require_room(entitlements.here(), Feature.CLIENTS) in a service, inside its transaction
    entitlements.require(entitlements.here(), Feature.REPORTS)

Read from our database only. What was read is kept in the cache under the tokens of `billing.plans.versions`, one read
of the cache a request; where the cache is away the database answers. An organization that never had a subscription (it
was there before anything was sold, or is a demo) is not limited.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.db import connection
from django.db.models import Q
from redis.exceptions import RedisError

from billing import clock
from billing.plans import versions
from billing.plans.errors import UPGRADE, LimitReached, NotInPlan
from billing.plans.features import LABELS, LIMITS, Feature
from billing.plans.models import EntitlementOverride, PlanEntitlement
from billing.subscriptions import notices, queries
from billing.subscriptions.models import Subscription
from shared_apps.organizations.models import Organization
from shared_apps.tenancy import context, locks, routing

__all__ = [
    "Entitlements", "Feature", "LimitReached", "NotInPlan", "Use", "allows", "fits", "guard", "guarded", "here",
    "keeps", "of", "one_request", "register", "require", "require_room", "stay_open", "usage",
]  # fmt: skip

PLAN_PAGE = "/settings/billing/"
KEPT = 300  # seconds
MEGABYTE = 1024 * 1024
SCALE = {Feature.STORAGE: MEGABYTE}  # what is counted in bytes is sold in megabytes
WARN_AT = (80, 100)  # percent
Count = Callable[[UUID, datetime], int]
Whose = UUID | Organization | None  # None: nobody's, and nothing is limited
_counts: dict[Feature, Count] = {}
_guards: dict[str, Feature] = {}
_open: set[str] = set()
_memo: ContextVar[dict[UUID, Entitlements] | None] = ContextVar("entitlements", default=None)


@dataclass(frozen=True, slots=True)
class Entitlements:
    """`allowed`: the amount of each feature, None without limit; a feature that is not there is not allowed.

    `status`: of the subscription; empty when there never was one, and then nothing is limited.
    """

    status: str = ""
    plan: str = ""
    allowed: dict[str, int | None] | None = None
    access_until: datetime | None = None
    trial_ends_at: datetime | None = None
    ends: datetime | None = None  # when an override runs out and this must be read anew

    def limit(self, feature: Feature) -> int | None:
        """In the feature's own unit; None: without limit; 0: not allowed."""
        if self.allowed is None:
            return None
        return self.allowed.get(feature.value, 0)


@dataclass(frozen=True, slots=True)
class Use:
    """How much of a limit is used, in the unit it is sold in."""

    feature: Feature
    used: int
    limit: int | None

    @property
    def label(self) -> str:
        return str(LABELS[self.feature])

    @property
    def percent(self) -> int:
        """Of the limit; 100 when there is no room, 0 without a limit."""
        if self.limit is None:
            return 0
        return min(100, self.used * 100 // self.limit) if self.limit else 100


def register(feature: Feature, count: Count) -> None:
    """`count(organization_id, now)` is called inside the organization; storage is counted in bytes."""
    _counts[feature] = count


def guard(module: str, feature: Feature) -> None:
    """Views of this module and below it are there only where the plan has the feature."""
    _guards[module] = feature


def stay_open(*view_names: str) -> None:
    """Views that a suspended organization may use still: what gets its records out."""
    _open.update(view_names)


def guarded(module: str) -> Feature | None:
    near = [name for name in _guards if module == name or module.startswith(f"{name}.")]
    return _guards[max(near, key=len)] if near else None


def stays_open(view_name: str) -> bool:
    return view_name in _open


def here() -> UUID | None:
    """The organization that is active; None in public and in a bare schema that is nobody's, which has no limits."""
    route = routing.of_active()
    return route.organization_id if route else None


def allows(organization: Whose, feature: Feature) -> bool:
    """Whether the plan has the feature at all."""
    return of(_id(organization)).limit(feature) != 0


def require(organization: Whose, feature: Feature) -> None:
    """Raises NotInPlan."""
    if not allows(organization, feature):
        raise not_in_plan(feature)


def not_in_plan(feature: Feature) -> NotInPlan:
    return NotInPlan(feature=feature.value, label=str(LABELS[feature]), upgrade=UPGRADE)


def require_room(organization: Whose, feature: Feature, amount: int = 1, *, at: datetime | None = None) -> None:
    """Raises LimitReached unless `amount` more fit. Of two at the last place the second waits, then is refused.

    Call it in the transaction that adds them: the place is held until that ends. `at`: the month that is meant.
    """
    organization_id = _id(organization)
    limit = of(organization_id).limit(feature)
    if limit is None or organization_id is None:
        return
    if not connection.in_atomic_block:
        raise RuntimeError(f"require_room({feature.value}) outside of a transaction holds no place")
    locks.take(f"entitlements:{organization_id}:{feature.value}")
    now = at or clock.now()
    used, room = _counts[feature](organization_id, now), limit * SCALE.get(feature, 1)
    if used + amount > room:
        raise LimitReached(
            feature=feature.value, label=str(LABELS[feature]), limit=limit, usage=_sold(feature, used), upgrade=UPGRADE
        )
    _warn(organization_id, feature, used, used + amount, room, now)


def fits(organization: Whose, feature: Feature, added: int) -> int:
    """How many of the `added`, which are written already, the plan has room for; the owners are warned.

    For what is put aside quietly when there is no room. Call it in the transaction that added them: as with
    `require_room` the second of two waits for the first.
    """
    organization_id = _id(organization)
    limit = of(organization_id).limit(feature)
    if limit is None or organization_id is None:
        return added
    if not connection.in_atomic_block:
        raise RuntimeError(f"fits({feature.value}) outside of a transaction holds no place")
    locks.take(f"entitlements:{organization_id}:{feature.value}")
    now, room = clock.now(), limit * SCALE.get(feature, 1)
    before = _counts[feature](organization_id, now) - added
    fitting = min(max(room - before, 0), added)
    _warn(organization_id, feature, before, before + fitting, room, now)
    return fitting


def keeps(organization: Whose, feature: Feature, added: int, *, at: datetime) -> None:
    """So many were added although nobody asked for room: what was promised already stays. The owners are warned."""
    organization_id = _id(organization)
    limit = of(organization_id).limit(feature)
    if limit is not None and organization_id is not None:
        after, room = _counts[feature](organization_id, at), limit * SCALE.get(feature, 1)
        _warn(organization_id, feature, after - added, after, room, at)


def usage(organization: UUID | Organization, now: datetime | None = None) -> list[Use]:
    """Of every limit that somebody counts. Counts: for one page, not for every request."""
    organization_id, now = organization if isinstance(organization, UUID) else organization.pk, now or clock.now()
    known = of(organization_id)
    return [
        Use(feature, _sold(feature, _counts[feature](organization_id, now)), known.limit(feature))
        for feature in LABELS
        if feature in LIMITS and feature in _counts
    ]


@contextmanager
def one_request() -> Iterator[None]:
    """Inside the block each organization is read once."""
    token = _memo.set({})
    try:
        yield
    finally:
        _memo.reset(token)


def of(organization: Whose) -> Entitlements:
    """What it may do now."""
    organization_id, memo = _id(organization), _memo.get()
    if organization_id is None:
        return Entitlements()
    if memo is not None and organization_id in memo:
        return memo[organization_id]
    found = _kept_or_read(organization_id)
    if memo is not None:
        memo[organization_id] = found
    return found


def _id(organization: Whose) -> UUID | None:
    return organization.pk if isinstance(organization, Organization) else organization


def _sold(feature: Feature, counted: int) -> int:
    """In the unit that is sold, rounded up."""
    return -(-counted // SCALE.get(feature, 1))


def _kept_or_read(organization_id: UUID) -> Entitlements:
    key, version = f"billing:entitlements:{organization_id}", versions.key(organization_id)
    with context.public():
        try:
            found: dict[str, Any] = cache.get_many([key, version, versions.PLANS])
            tokens = [found.get(version), found.get(versions.PLANS)]
            kept = found.get(key)
            if kept and kept[0] == tokens and None not in tokens and not _is_over(kept[1]):
                return Entitlements(**kept[1])
            tokens = [tokens[0] or versions.renew(version), tokens[1] or versions.renew(versions.PLANS)]
            read = _read(organization_id)
            cache.set(key, (tokens, _fields(read)), KEPT)
            return read
        except RedisError:
            return _read(organization_id)


def _fields(read: Entitlements) -> dict[str, Any]:
    return {name: getattr(read, name) for name in Entitlements.__slots__}


def _is_over(fields: dict[str, Any]) -> bool:
    return fields["ends"] is not None and fields["ends"] <= clock.now()


def _read(organization_id: UUID) -> Entitlements:
    subscription = queries.current(organization_id)
    if subscription is None:
        return Entitlements()
    allowed = {row.feature: row.amount for row in PlanEntitlement.objects.filter(plan=subscription.price.plan)}
    if subscription.price.per_member:
        allowed.setdefault(Feature.MEMBERS.value, None)  # each is paid for as they come: subscriptions' seating
    standing = Q(until=None) | Q(until__gt=clock.now())
    overrides = list(EntitlementOverride.objects.filter(standing, organization=organization_id))
    allowed |= {row.feature: row.amount for row in overrides}
    return Entitlements(
        status=subscription.status,
        plan=subscription.price.plan.name,
        allowed=allowed,
        access_until=subscription.access_until,
        trial_ends_at=subscription.trial_ends_at,
        ends=min((row.until for row in overrides if row.until), default=None),
    )


def _warn(organization_id: UUID, feature: Feature, before: int, after: int, room: int, now: datetime) -> None:
    """Tell the owners when a step is crossed: once a month and step."""
    crossed = [step for step in WARN_AT if before * 100 < step * room <= after * 100]
    if not crossed:
        return
    with context.public():
        subscription: Subscription | None = queries.live(organization_id)
        if subscription is not None:
            notices.warn_of_limit(
                subscription, feature, step=crossed[-1], used=_sold(feature, after), limit=_sold(feature, room), now=now
            )
