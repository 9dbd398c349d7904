"""Suspended, archived, deleted: which way leads where, and what is left."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from shared_apps.accounts.models import User
from shared_apps.organizations import lifecycle
from shared_apps.organizations.errors import NotPossibleNow, SlugTaken
from shared_apps.organizations.models import Domain, Membership, Organization
from shared_apps.organizations.onboarding import open_organization
from shared_apps.organizations.signals import organization_closed
from shared_apps.tenancy import context, provisioning
from shared_apps.tenancy.models import Schema

Status = Organization.Status


def test_every_state_is_in_the_table() -> None:
    assert set(lifecycle.TRANSITIONS) == set(Status.values)
    assert all(set(ways) <= set(Status.values) for ways in lifecycle.TRANSITIONS.values())


def test_each_change_is_written_with_its_cause(acme: Organization, alice: User) -> None:
    lifecycle.suspend(acme, cause="invoice 7 unpaid", actor=alice)
    lifecycle.reactivate(acme, cause="paid")
    lifecycle.archive(acme, cause="closed shop")
    lifecycle.reactivate(acme, cause="opened again")
    acme.refresh_from_db()
    assert acme.status == "active"
    rows = list(acme.transitions.values_list("from_status", "to_status", "cause", "by"))[2:]
    assert rows == [
        ("active", "suspended", "invoice 7 unpaid", alice.pk),
        ("suspended", "active", "paid", None),
        ("active", "archived", "closed shop", None),
        ("archived", "active", "opened again", None),
    ]


@pytest.mark.parametrize(
    ("state", "change"),
    [
        ("active", lifecycle.reactivate),
        ("suspended", lifecycle.suspend),
        ("archived", lifecycle.suspend),
        ("archived", lifecycle.archive),
        ("deleting", lifecycle.suspend),
        ("deleting", lifecycle.archive),
        ("deleting", lifecycle.request_deletion),
        ("provisioning", lifecycle.suspend),
    ],
)
def test_ways_that_do_not_exist(acme: Organization, state: str, change: Callable[..., Any]) -> None:
    Organization.objects.filter(pk=acme.pk).update(status=state)
    with pytest.raises(NotPossibleNow) as refusal:
        change(acme, cause="try")
    assert "acme" in refusal.value.detail
    acme.refresh_from_db()
    assert (acme.status, acme.transitions.count()) == (state, 2)


@pytest.mark.parametrize("change", [lifecycle.suspend, lifecycle.archive, lifecycle.request_deletion])
def test_a_closed_organization_serves_nobody(
    api: Callable[..., APIClient],
    acme: Organization,
    alice: User,
    change: Callable[..., Any],
    django_capture_on_commit_callbacks: Any,
) -> None:
    client = api(alice, acme)
    assert client.get("/api/v1/auth/me/").status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        change(acme, cause="test")
    answer = client.get("/api/v1/auth/me/")
    assert answer.status_code >= 400
    assert b"alice" not in answer.content


def test_closing_is_told_inside_the_schema(acme: Organization) -> None:
    heard: list[str] = []

    def hear(sender: object, **kwargs: Any) -> None:
        heard.append(f"{kwargs['organization'].slug} in {context.active().schema}")

    organization_closed.connect(hear)
    try:
        lifecycle.suspend(acme, cause="not closed")
        lifecycle.archive(acme, cause="closed")
    finally:
        organization_closed.disconnect(hear)
    assert heard == ["acme in org_acme"]


def test_deleting_waits_for_the_days_of_grace(acme: Organization, settings: Any) -> None:
    settings.TENANCY_DELETE_GRACE_DAYS = 30
    now = timezone.now()
    organization = lifecycle.request_deletion(acme, cause="asked for")
    assert organization.delete_after is not None
    assert timedelta(days=29) < organization.delete_after - now <= timedelta(days=30, minutes=1)
    assert lifecycle.delete_due(now + timedelta(days=29)) == []
    assert lifecycle.reactivate(acme, cause="changed their mind").delete_after is None
    assert lifecycle.delete_due(now + timedelta(days=31)) == []


def test_a_deleted_organization_leaves_its_names_behind(cast: object, dave: User) -> None:
    doomed = open_organization(slug="doomed", name="Doomed", owner=dave)
    with pytest.raises(NotPossibleNow):
        lifecycle.delete_now(doomed)
    lifecycle.request_deletion(doomed, cause="asked for")
    assert lifecycle.delete_due(timezone.now() + timedelta(days=31)) == ["doomed"]
    assert not Organization.objects.filter(slug="doomed").exists()
    assert not Domain.objects.filter(domain="doomed.localhost").exists()
    assert not Membership.objects.filter(user=dave).exists()
    assert Schema.objects.get(former_name="org_doomed").kind == Schema.Kind.TRASH
    with pytest.raises(SlugTaken):
        open_organization(slug="doomed", name="Doomed", owner=dave)
    assert User.objects.filter(pk=dave.pk).exists()


def test_one_that_never_was_opened_is_just_removed(cast: object) -> None:
    stuck = Organization(slug="stuck", name="Stuck", schema_name="org_stuck", status=Status.PROVISIONING)
    Organization.objects.bulk_create([stuck])
    lifecycle.request_deletion(stuck, cause="gave up")
    with pytest.raises(NotPossibleNow):
        lifecycle.reactivate(stuck, cause="no schema")
    lifecycle.delete_now(stuck)
    assert not Organization.objects.filter(slug="stuck").exists()


def test_what_crashed_while_it_was_set_up_leaves_no_schema_behind(db: None) -> None:
    organization = Organization.objects.create(
        slug="half-made", name="Half made", schema_name="org_half_made", status=Organization.Status.DELETING
    )
    Schema.objects.create(name="org_half_made", kind=Schema.Kind.ORGANIZATION)  # building, and nobody at it
    lifecycle.delete_now(organization)
    assert not Schema.objects.filter(kind=Schema.Kind.ORGANIZATION, name="org_half_made").exists()
    assert "org_half_made" not in provisioning.recover()
