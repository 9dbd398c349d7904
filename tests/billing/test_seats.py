"""A plan that charges for each member, through the pages: who joins is paid for at once, who leaves until the end."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client

from billing import clock
from billing.plans.models import Interval, Plan, PlanEntitlement, Price
from billing.subscriptions import services
from billing.subscriptions.models import Subscription
from shared_apps.accounts.models import User
from shared_apps.organizations import members
from shared_apps.organizations.models import Membership, Organization
from shared_apps.tenancy.models import PendingJob
from tests.billing.sandboxes import World
from tests.billing.test_self_service import buy

pytestmark = pytest.mark.usefixtures("empty_cache", "sandbox")


@pytest.fixture
def each(cast: object) -> Price:
    """30 a month for each member."""
    plan = Plan.objects.create(code="each", name="Each", position=3)
    PlanEntitlement.objects.create(plan=plan, feature="clients", unlimited=True)
    return Price.objects.create(plan=plan, interval=Interval.MONTH, currency="BRL", amount=Decimal(30), per_member=True)


def follow(organization: Organization) -> Subscription:
    """What the promised job does, once."""
    assert PendingJob.objects.filter(name="subscriptions.follow_members").exists()
    PendingJob.objects.all().delete()
    for _again in range(2):
        services.follow_members(organization.pk)
    return Subscription.objects.get()


def charges(sandbox: World) -> list[Decimal]:
    return [Decimal(one["amount"]) for one in sandbox.sandbox.bank.store.all("invoice")]


def test_the_quantity_follows_who_works_there(
    alices: Client, acme: Organization, each: Price, sandbox: World, olivia: User
) -> None:
    before = Membership.objects.filter(organization=acme, is_active=True).count()
    page = alices.get(f"/settings/billing/plans/{each.pk}/").content.decode()
    assert f"With {before} people in your team: R${30 * before}.00" in page
    buy(alices, each, sandbox)
    ours = Subscription.objects.get()
    assert (ours.status, ours.seats, charges(sandbox)) == ("active", before, [Decimal(30 * before)])

    joined = members.add_member(acme, olivia, role="staff")
    ours = follow(acme)
    assert (ours.seats, len(charges(sandbox))) == (before + 1, 2)
    assert Decimal(28) < charges(sandbox)[1] <= Decimal(30)
    assert "without limit" in alices.get("/settings/billing/").content.decode()

    members.deactivate_member(joined)
    ours = follow(acme)
    assert (ours.seats, ours.next_seats, len(charges(sandbox))) == (before + 1, before, 2)
    page = alices.get("/settings/billing/").content.decode()
    assert f"on you pay for {before} people" in page
    assert "Another number of people" in page
    assert "Keep the plan I have" not in page, "the night would undo it"
    members.reactivate_member(joined)
    ours = follow(acme)
    assert (ours.seats, ours.next_seats, len(charges(sandbox))) == (before + 1, None, 2)

    members.deactivate_member(joined)
    PendingJob.objects.all().delete()  # a message that was lost: the night finds it
    assert services.follow_everywhere() == 1
    sandbox.move(days=32)
    clock.forget()
    services.tick_due()
    assert Subscription.objects.get().seats == before
    assert charges(sandbox)[-1] == Decimal(30 * before)
    assert services.follow_everywhere() == 0


def test_where_nobody_is_charged_by_members_nothing_is_promised(acme: Organization, price: Price, olivia: User) -> None:
    services.start_trial(acme, price=price, cause="test")
    members.add_member(acme, olivia, role="staff")
    assert not PendingJob.objects.filter(name="subscriptions.follow_members").exists()


@pytest.fixture
def olivia(cast: object) -> User:
    return User.objects.create_user("olivia@acme.example", "correct-horse-battery", name="Olivia")
