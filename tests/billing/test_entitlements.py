"""What a plan allows: read once, kept, forgotten in time, and never exceeded."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from billing import entitlements
from billing.entitlements import Feature, LimitReached, NotInPlan
from billing.plans import services as plans
from billing.plans.models import Plan
from billing.subscriptions.models import Notice, Status, Subscription
from shared_apps.mail.models import Mail
from shared_apps.organizations.models import Membership, Organization, OrganizationTransition
from shared_apps.tenancy import context

pytestmark = pytest.mark.usefixtures("empty_cache")
Subscribe = Callable[..., Subscription]


@pytest.fixture
def counted() -> Any:
    """History rows of the organization stand for clients, so that this asks for no tenant app."""
    before = dict(entitlements._counts)

    def count(organization_id: UUID, now: object) -> int:
        return OrganizationTransition.objects.filter(organization=organization_id, cause="counted").count()

    entitlements.register(Feature.CLIENTS, count)
    yield
    entitlements._counts.clear()
    entitlements._counts.update(before)


def add(organization: Organization) -> None:
    with transaction.atomic():
        entitlements.require_room(organization, Feature.CLIENTS)
        OrganizationTransition.objects.create(organization=organization, to_status="active", cause="counted")


def test_who_never_bought_is_not_limited(acme: Organization, counted: None) -> None:
    assert entitlements.allows(acme, Feature.API)
    for _number in range(5):
        add(acme)


def test_a_limit_holds_and_says_what_to_do(acme: Organization, subscribed: Subscribe, counted: None) -> None:
    subscribed(status=Status.ACTIVE)
    for _number in range(3):
        add(acme)
    with pytest.raises(LimitReached) as refusal:
        add(acme)
    extra = refusal.value.extra
    assert (refusal.value.status, extra["feature"], extra["limit"], extra["usage"]) == (402, "clients", 3, 3)
    assert extra["upgrade"] == "/settings/billing/plans/"


def test_a_flag_that_the_plan_lacks_is_refused(acme: Organization, subscribed: Subscribe) -> None:
    subscribed(status=Status.ACTIVE)
    with pytest.raises(NotInPlan):
        entitlements.require(acme, Feature.REPORTS)


@pytest.mark.django_db(transaction=True)
def test_room_is_asked_for_in_a_transaction(acme: Organization, subscribed: Subscribe, counted: None) -> None:
    subscribed(status=Status.ACTIVE)
    with pytest.raises(RuntimeError, match="holds no place"):
        entitlements.require_room(acme, Feature.CLIENTS)


def test_overrides_count_until_they_end(acme: Organization, plan: Plan, subscribed: Subscribe) -> None:
    subscribed(status=Status.ACTIVE)
    until = timezone.now() + timedelta(days=1)
    plans.override(acme, Feature.CLIENTS, amount=None, reason="a favour", by=None, until=until)
    assert entitlements.of(acme).limit(Feature.CLIENTS) is None
    plans.override(acme, Feature.CLIENTS, amount=7, reason="a favour", by=None, until=timezone.now())
    cache.clear()
    assert entitlements.of(acme).limit(Feature.CLIENTS) == 3


@pytest.mark.django_db(transaction=True)
def test_what_is_kept_is_forgotten_when_something_changes(
    acme: Organization, plan: Plan, subscribed: Subscribe
) -> None:
    ours = subscribed(status=Status.ACTIVE)
    assert entitlements.of(acme).limit(Feature.CLIENTS) == 3
    with CaptureQueriesContext(connection) as asked:
        assert entitlements.of(acme).limit(Feature.CLIENTS) == 3
    assert len(asked) == 0
    with transaction.atomic():
        plans.allow(plan, {"clients": 9})
    assert entitlements.of(acme).limit(Feature.CLIENTS) == 9
    with transaction.atomic():
        plans.override(acme, Feature.API, amount=None, reason="trying it", by=None)
    assert entitlements.allows(acme, Feature.API)
    assert ours.organization_id == acme.pk


def test_a_request_reads_the_cache_once(acme: Organization, subscribed: Subscribe) -> None:
    subscribed(status=Status.ACTIVE)
    with entitlements.one_request():
        first = entitlements.of(acme)
        cache.clear()
        with CaptureQueriesContext(connection) as asked:
            assert entitlements.of(acme) is first
    assert len(asked) == 0


def test_without_a_cache_the_database_answers(acme: Organization, subscribed: Subscribe, settings: Any) -> None:
    subscribed(status=Status.ACTIVE)
    away = settings.CACHES["default"] | {"LOCATION": "redis://127.0.0.1:1/0"}
    settings.CACHES = {"default": away}
    assert entitlements.of(acme).limit(Feature.CLIENTS) == 3
    plans.override(acme, Feature.CLIENTS, amount=8, reason="a favour", by=None)
    assert entitlements.of(acme).limit(Feature.CLIENTS) == 8


def test_owners_are_warned_once_for_each_step(
    acme: Organization, plan: Plan, subscribed: Subscribe, counted: None
) -> None:
    subscribed(status=Status.ACTIVE)
    plans.allow(plan, {"clients": 5})
    cache.clear()
    for _number in range(3):
        add(acme)
    assert not Notice.objects.exists()
    for _number in range(2):
        add(acme)
    OrganizationTransition.objects.filter(cause="counted").first().delete()
    add(acme)
    assert sorted(Notice.objects.values_list("step", flat=True)) == ["limit_100", "limit_80"]
    assert Mail.objects.filter(template="billing/notice").count() == 2


def test_a_place_in_the_team_counts_people_and_invitations(acme: Organization, subscribed: Subscribe) -> None:
    subscribed(status=Status.ACTIVE)
    with context.enter(acme.schema_name):
        used = {use.feature: use for use in entitlements.usage(acme)}
    assert (used[Feature.MEMBERS].used, used[Feature.MEMBERS].limit) == (
        Membership.objects.filter(organization=acme).count(),
        2,
    )
    assert used[Feature.MEMBERS].percent == 100


@pytest.mark.django_db(transaction=True)
def test_edge_41_of_twenty_at_the_last_place_one_succeeds(
    acme: Organization, subscribed: Subscribe, counted: None
) -> None:
    subscribed(status=Status.ACTIVE)
    add(acme)
    add(acme)
    start, results = threading.Barrier(20), []

    def race() -> None:
        try:
            with context.public():
                start.wait(timeout=30)
                add(acme)
                results.append("added")
        except LimitReached:
            results.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=race) for _number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["added", *["refused"] * 19]
