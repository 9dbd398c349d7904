"""The trial: one for an organization, one for a CPF or CNPJ."""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from django.conf import settings
from django.db import transaction

from billing import clock
from billing.plans.models import Interval, Price
from billing.subscriptions.errors import NoTrial
from billing.subscriptions.models import Status, Subscription, TrialUse
from billing.subscriptions.states import Reason
from billing.subscriptions.transitions import advance, lock, record
from shared_apps.accounts.models import User
from shared_apps.organizations.models import Organization
from shared_apps.tenancy import context, locks


def start_trial(
    organization: Organization, *, price: Price | None = None, cause: str, now: datetime | None = None
) -> Subscription | None:
    """The organization's trial; the subscription it has already, if any. None where no plan offers one.

    Whose trial was used gets a subscription that waits to be paid.
    """
    now = now or clock.now()
    with context.public(), transaction.atomic():
        locks.take(f"billing:{organization.pk}")
        known = Subscription.objects.filter(organization=organization).order_by("created_at").last()
        if known is not None:
            return known
        price = price or tried(organization.currency)
        if price is None:
            return None
        fresh = _claim(organization)
        ends = now + timedelta(days=price.trial_days) if fresh else now
        made = Subscription.objects.create(
            organization=organization, price=price, created_at=now, status=Status.TRIALING, trial_ends_at=ends
        )
        if not fresh:
            made.status, made.suspended_reason = Status.SUSPENDED, Reason.TRIAL_ENDED
        record(made, before="", cause=cause, now=now, by=None)
        return advance(made, cause=cause, now=now)


def tried(currency: str) -> Price | None:
    """The price whose plan new organizations try, in their currency if it is sold in it."""
    prices = Price.objects.filter(
        plan__is_offered=True, plan__is_tried=True, retired_at=None, interval=Interval.MONTH, trial_days__gt=0
    )
    found = prices.select_related("plan").order_by("plan__position")
    return found.filter(currency=currency).first() or found.first()


def document_given(organization: Organization, *, now: datetime | None = None) -> None:
    """Its CPF or CNPJ became known. Where that had its trial under another organization, this one's ends."""
    now = now or clock.now()
    with context.public(), transaction.atomic():
        locks.take(f"billing:{organization.pk}")
        trial = Subscription.objects.filter(organization=organization, status=Status.TRIALING, external_id="").first()
        if trial is None or not organization.document or _claim_one(_document_key(organization), organization.pk):
            return
        trial = lock(trial.pk)
        if trial.status == Status.TRIALING and not trial.external_id:
            trial.trial_ends_at = min(now, trial.trial_ends_at or now)
            advance(trial, cause="trial_used_before", now=now)


def extend_trial(
    subscription: Subscription, *, days: int, reason: str, by: User | None, now: datetime | None = None
) -> Subscription:
    """More days, from its end or, when that has passed, from now. Raises NoTrial once something was bought."""
    now = now or clock.now()
    with context.public(), transaction.atomic():
        subscription = lock(subscription.pk)
        ends = subscription.trial_ends_at
        if ends is None or subscription.external_id or subscription.status == Status.CANCELED or days < 1:
            raise NoTrial
        subscription.trial_ends_at = max(ends, now) + timedelta(days=days)
        subscription.suspended_reason, subscription.cancel_at = "", None
        before = subscription.status
        advance(subscription, cause=reason, now=now, by=by)
        if subscription.status == before:
            record(subscription, before=before, cause=reason, now=now, by=by)
        return subscription


def _claim(organization: Organization) -> bool:
    """Use up the organization's trial and its document's. False: one of them was used."""
    keys = [f"organization:{organization.pk}"]
    if organization.document:
        keys.append(_document_key(organization))
    claims = [_claim_one(key, organization.pk) for key in keys]  # each is made, also when one is refused
    return all(claims)


def _claim_one(key: str, organization_id: UUID) -> bool:
    hashed = hmac.new(settings.SECRET_KEY.encode(), f"billing.trial:{key}".encode(), sha256).hexdigest()
    use, _made = TrialUse.objects.get_or_create(key=hashed, defaults={"organization_id": organization_id})
    return use.organization_id == organization_id


def _document_key(organization: Organization) -> str:
    return f"document:{organization.document}"
