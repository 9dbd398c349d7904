"""What an organization's owners are told by e-mail, each thing once: a row claims it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.utils.functional import Promise, lazy

from billing.invoices.models import Invoice
from billing.plans.features import LABELS, Feature
from billing.subscriptions import queries
from billing.subscriptions.models import Notice, Status, Subscription
from shared_apps.core import formats
from shared_apps.mail import services as mail
from shared_apps.organizations.domains import address_at
from shared_apps.organizations.models import Membership

TRIAL_ENDING = "trial_ending"
SWITCH = "gateway_switch"
GIVEN_BACK = "given_back"
PATH = "/settings/billing/"  # of pages that lie above this storey
STEPS = {
    Status.PAST_DUE: "past_due",
    Status.GRACE: "grace",
    Status.SUSPENDED: "suspended",
    Status.CANCELED: "canceled",
    Status.ACTIVE: "active",
}


def of_transition(subscription: Subscription, *, before: str, dunning: datetime | None, now: datetime) -> None:
    """Tell of a new status; `dunning` is the one that was under way before. What came before it began is no news."""
    step = STEPS.get(Status(subscription.status))
    if step is None or (before in (Status.INCOMPLETE, "") and subscription.status != Status.ACTIVE):
        return
    if subscription.status == Status.CANCELED and queries.follower(subscription) is not None:
        return  # it goes on at another payment service
    if subscription.status == Status.ACTIVE and not _is_first(subscription, before, dunning):
        step = "recovered"
    tell(subscription, step=step, about=about(subscription, before, dunning), now=now)


def _is_first(subscription: Subscription, before: str, dunning: datetime | None) -> bool:
    """Whether it is paid for the first time; one that was suspended by its trial's end was not paid before."""
    if before == Status.SUSPENDED:
        return dunning in (None, subscription.trial_ends_at)
    return before in (Status.INCOMPLETE, Status.TRIALING)


def about(subscription: Subscription, before: str, dunning: datetime | None) -> str:
    """What the step belongs to: this dunning, this trial. A second dunning is told of anew."""
    if subscription.status == Status.CANCELED:
        return "end"
    if subscription.status == Status.ACTIVE and before in (Status.INCOMPLETE, Status.TRIALING):
        return "start"
    started = subscription.dunning_started_at or dunning or subscription.synced_at or subscription.period_starts_at
    reason = subscription.suspended_reason
    return f"{reason}:{started.isoformat() if started else ''}"


def tell(subscription: Subscription, *, step: str, about: str, now: datetime, **said: str | Promise) -> bool:
    """Write to the owners, unless that was done. False: it was."""
    _row, made = Notice.objects.get_or_create(subscription=subscription, about=about[:120], step=step)
    if not made:
        return False
    organization = subscription.organization
    for owner in Membership.objects.owning().filter(organization=organization).select_related("user"):
        locale = owner.user.locale or organization.locale
        with formats.reading(locale=locale, zone=organization.timezone):
            context = {"step": step, "firm": organization.name, **_values(subscription)}
            context |= {name: str(text) for name, text in said.items()}
        mail.send("billing/notice", to=owner.user.email, locale=locale, context=context)
    return True


def tell_of_double(subscription: Subscription, *, about: str, amount: Callable[[], str], now: datetime) -> None:
    """That a purchase was paid twice, or after its end, and what was given back. `about`: the one that was."""
    is_over = "yes" if subscription.status == Status.CANCELED else ""
    written = lazy(amount, str)()  # as its reader writes sums
    tell(subscription, step=GIVEN_BACK, about=about, now=now, amount=written, is_over=is_over, pay_url="")


def warn_of_limit(
    subscription: Subscription, feature: Feature, *, step: int, used: int, limit: int, now: datetime
) -> None:
    """Tell that a limit is near (80) or reached (100): once a month."""
    about = f"{feature.value}:{now:%Y-%m}"
    tell(
        subscription,
        step=f"limit_{step}",
        about=about,
        now=now,
        used=str(used),
        limit=str(limit),
        feature=LABELS[feature],
    )


def _values(subscription: Subscription) -> dict[str, str]:
    organization = subscription.organization
    base = address_at(organization.pk, organization.slug)
    charge = Invoice.objects.filter(subscription=subscription, state__in=["failed", "overdue"])
    owed = charge.order_by("issued_at").first()
    return {
        "plan": subscription.price.plan.name,
        "reason": subscription.suspended_reason,
        "amount": formats.money(owed.amount, owed.currency) if owed else "",
        "trial_ends": formats.date(subscription.trial_ends_at),
        "until": formats.date(subscription.access_until),
        "has_method": "yes" if subscription.has_method else "",
        "url": f"{base}{PATH}",
        "pay_url": owed.page_url if owed else "",
    }
