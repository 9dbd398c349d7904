"""What each state of a subscription opens and closes, and what a plan lacks, on pages and in the API."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from rest_framework.test import APIClient

from billing.entitlements import LimitReached
from billing.plans import services as plans
from billing.plans.models import Plan
from billing.subscriptions.models import Status, Subscription
from shared_apps.accounts.models import User
from shared_apps.organizations import invitations
from shared_apps.organizations.models import Organization
from shared_apps.tenancy import context
from tenant_apps.clients.models import Client as Customer

pytestmark = pytest.mark.usefixtures("empty_cache")
Subscribe = Callable[..., Subscription]
EVERYTHING = {"clients": "unlimited", "members": 9, "api": True, "finance": True, "reports": True, "storage": 10}
NEW = {"name": "Somebody new"}


@pytest.fixture
def standing(subscribed: Subscribe, plan: Plan) -> Callable[[str], Subscription]:
    """`standing("grace")`: acme's subscription is there, on a plan that has everything."""
    plans.allow(plan, EVERYTHING)
    ours = subscribed(status=Status.ACTIVE)

    def become(status: str) -> Subscription:
        Subscription.objects.filter(pk=ours.pk).update(status=status)
        cache.clear()
        return ours

    return become


@pytest.fixture
def alices_api(api: Callable[..., APIClient], alice: User, acme: Organization) -> APIClient:
    return api(alice, acme)


@pytest.mark.parametrize("status", ["trialing", "active", "past_due"])
def test_everything_works_while_it_is_paid_or_tried(alices_api: APIClient, standing: Any, status: str) -> None:
    standing(status)
    assert alices_api.post("/api/v1/clients/", NEW, format="json").status_code == 201


def test_grace_is_for_reading(alices: Client, alices_api: APIClient, standing: Any) -> None:
    standing("grace")
    assert alices.get("/clients/").status_code == 200
    refused = alices_api.post("/api/v1/clients/", NEW, format="json")
    assert (refused.status_code, refused.json()["code"]) == (402, "read_only")
    assert refused.json()["upgrade"] == "/settings/billing/"
    assert alices_api.get("/api/v1/clients/").status_code == 200
    page = alices.post("/clients/new/", {"name": "X"})
    assert page.status_code == 402
    assert "/settings/billing/" in page.content.decode()


@pytest.mark.parametrize("status", ["suspended", "canceled"])
def test_suspended_is_for_paying_and_taking_records_along(alices: Client, standing: Any, status: str) -> None:
    ours = standing(status)
    Subscription.objects.filter(pk=ours.pk).update(access_until=ours.created_at)
    assert alices.get("/clients/").status_code == 402
    assert alices.get("/settings/billing/").status_code == 200
    assert alices.get("/settings/firm/").status_code == 200
    assert alices.get("/clients/export/").status_code == 200


def test_a_stranger_is_told_to_sign_in_not_who_pays(acme: Organization, api: Any, pages: Any, standing: Any) -> None:
    standing("suspended")
    assert pages(None, acme).get("/clients/").status_code == 302
    assert api(None, acme).get("/api/v1/clients/").status_code == 401


def test_what_the_plan_lacks_is_not_shown_and_not_served(
    alices: Client, alices_api: APIClient, standing: Any, plan: Plan
) -> None:
    standing("active")
    assert 'href="/finance/' in alices.get("/clients/").content.decode()
    plans.allow(plan, {"clients": 10})
    cache.clear()
    page = alices.get("/clients/").content.decode()
    assert 'href="/finance/' not in page
    assert 'href="/reports/"' not in page
    assert alices.get("/reports/").status_code == 402
    assert alices_api.get("/api/v1/clients/").json()["code"] == "not_in_plan"
    assert alices.post("/settings/domains/", {"domain": "own.example.com"}).status_code == 402


def test_one_client_too_many(alices_api: APIClient, standing: Any, plan: Plan, acme: Organization) -> None:
    standing("active")
    with context.enter(acme.schema_name):
        there = Customer.objects.standing().count()
    plans.allow(plan, EVERYTHING | {"clients": there + 1})
    cache.clear()
    assert alices_api.post("/api/v1/clients/", NEW, format="json").status_code == 201
    refused = alices_api.post("/api/v1/clients/", {"name": "Another"}, format="json")
    assert refused.status_code == 402
    assert {name: refused.json()[name] for name in ("code", "feature", "limit", "usage", "upgrade")} == {
        "code": "limit_reached",
        "feature": "clients",
        "limit": there + 1,
        "usage": there + 1,
        "upgrade": "/settings/billing/plans/",
    }


def test_an_invitation_takes_a_place(acme: Organization, alice: User, standing: Any, plan: Plan) -> None:
    standing("active")
    plans.allow(plan, EVERYTHING | {"members": 3})
    cache.clear()
    invitations.invite(acme, email="first@acme.example", role="staff", actor=alice)
    with pytest.raises(LimitReached):
        invitations.invite(acme, email="second@acme.example", role="staff", actor=alice)
    invitations.invite(acme, email="first@acme.example", role="viewer", actor=alice)  # replaces, takes no other place


def test_owners_see_what_is_missing(alices: Client, bobs: Client, standing: Any) -> None:
    standing("past_due")
    assert "A payment is missing" in alices.get("/clients/").content.decode()
    assert "A payment is missing" not in bobs.get("/clients/").content.decode()
    standing("grace")
    assert "An owner of the firm can settle this" in bobs.get("/clients/").content.decode()
