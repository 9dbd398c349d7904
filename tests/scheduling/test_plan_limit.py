"""A plan's visits of a month: what a contract promised is made and counted; new ones by hand need room."""

from __future__ import annotations

from datetime import date, time, timedelta
from decimal import Decimal

import pytest
from dateutil.relativedelta import relativedelta
from django.utils import timezone

from billing import entitlements
from billing.entitlements import Feature, LimitReached
from billing.plans.models import Plan, PlanEntitlement, Price
from billing.subscriptions.models import Status, Subscription
from shared_apps.mail.models import Mail
from shared_apps.organizations.models import Organization
from tenant_apps.scheduling import local, services
from tests.scheduling.conftest import HOUR, Firm
from tests.scheduling.test_contracts import agree

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("inside", "empty_cache")]


@pytest.fixture
def limited(acme: Organization) -> None:
    """Three visits a month."""
    plan = Plan.objects.create(code="three", name="Three")
    PlanEntitlement.objects.create(plan=plan, feature="appointments", amount=3)
    PlanEntitlement.objects.create(plan=plan, feature="clients", unlimited=True)
    price = Price.objects.create(plan=plan, interval="month", currency="BRL", amount=Decimal(10))
    Subscription.objects.create(organization=acme, price=price, status=Status.ACTIVE)


def told() -> list[tuple[str, str]]:
    found = Mail.objects.filter(template="billing/notice").order_by("created_at")
    return [(mail.context["step"], mail.context["used"]) for mail in found]


def used(organization: Organization, first: date) -> tuple[int, int | None]:
    found = entitlements.usage(organization, local.moment(first, time(12)))
    return next((one.used, one.limit) for one in found if one.feature is Feature.APPOINTMENTS)


def ten_days(firm: Firm, first: date) -> None:
    agree(firm, rrule="FREQ=DAILY", starts_on=first, ends_on=first + timedelta(days=9))


def test_a_contracts_visits_are_made_and_leave_no_room_for_others(
    limited: None, firm: Firm, acme: Organization
) -> None:
    services.change_policy(actor=None, works_on_holidays=True)
    now = timezone.now()
    first = local.day_of(now).replace(day=1) + relativedelta(months=1)
    ten_days(firm, first)
    assert (used(acme, first), told()) == ((10, 3), [("limit_100", "10")])

    start = local.moment(first, time(15))
    with pytest.raises(LimitReached) as refusal:
        services.book_appointment(
            actor=firm.alice, client=firm.client, starts_at=start, ends_at=start + HOUR, member_ids=[]
        )
    assert (refusal.value.status, refusal.value.extra["usage"]) == (402, 10)

    later = first + relativedelta(months=2)  # further ahead than visits are made today
    ten_days(firm, later)
    assert used(acme, later) == (0, 3)
    for _night in range(2):
        services.generate_visits(today=later, now=now)
    assert (used(acme, later), told()) == ((10, 3), [("limit_100", "10")] * 2)
