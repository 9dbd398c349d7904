"""Memberships, the schema's own rows in step with them, and who may change whom."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from rest_framework.test import APIClient

from shared_apps.accounts.models import User
from shared_apps.organizations import members
from shared_apps.organizations.errors import AlreadyMember, LastOwner, PermissionDenied
from shared_apps.organizations.models import Membership, Organization, RefreshSession, Role
from shared_apps.tenancy import context
from tenant_apps.team.models import Member


def of(user: User, organization: Organization) -> Membership:
    return Membership.objects.get(user=user, organization=organization)


def inside(organization: Organization, user: User) -> tuple[str, bool]:
    with context.enter(organization.schema_name):
        return Member.objects.values_list("role", "is_active").get(user_id=user.pk)


def test_a_new_member_is_known_inside_at_once(
    acme: Organization, globex: Organization, dave: User, alice: User
) -> None:
    members.add_member(acme, dave, role=Role.VIEWER, actor=alice)
    assert inside(acme, dave) == ("viewer", True)
    with context.enter(globex.schema_name):
        assert not Member.objects.filter(user_id=dave.pk).exists()
    with pytest.raises(AlreadyMember):
        members.add_member(acme, dave, role=Role.ADMIN)


def test_a_member_who_comes_back_is_the_same_member(acme: Organization, bob: User) -> None:
    with context.enter(acme.schema_name):
        before = Member.objects.get(user_id=bob.pk).pk
    members.deactivate_member(of(bob, acme))
    assert inside(acme, bob) == ("staff", False)
    members.add_member(acme, bob, role=Role.ADMIN)
    assert inside(acme, bob) == ("admin", True)
    with context.enter(acme.schema_name):
        assert Member.objects.get(user_id=bob.pk).pk == before


def test_a_role_changes_inside_too(acme: Organization, bob: User, alice: User) -> None:
    members.change_role(of(bob, acme), role=Role.ADMIN, actor=alice)
    assert inside(acme, bob) == ("admin", True)


def test_a_deactivated_member_is_out_and_their_sign_ins_end(
    api: Callable[..., APIClient], acme: Organization, bob: User
) -> None:
    client = api(bob, acme)
    members.deactivate_member(of(bob, acme))
    assert client.get("/api/v1/auth/me/").status_code == 401
    assert RefreshSession.objects.get(user=bob).revoked_for == "access_lost"
    members.add_member(acme, bob, role=Role.STAFF)
    assert client.get("/api/v1/auth/me/").status_code == 401  # the old sign-in stays ended


def test_the_last_owner_stays(acme: Organization, alice: User, bob: User) -> None:
    with pytest.raises(LastOwner):
        members.deactivate_member(of(alice, acme))
    with pytest.raises(LastOwner):
        members.change_role(of(alice, acme), role=Role.ADMIN, actor=alice)
    members.change_role(of(bob, acme), role=Role.OWNER)
    User.objects.filter(pk=bob.pk).update(is_active=False)
    with pytest.raises(LastOwner):  # an owner who cannot sign in does not count
        members.deactivate_member(of(alice, acme))
    User.objects.filter(pk=bob.pk).update(is_active=True)
    members.deactivate_member(of(alice, acme))
    assert inside(acme, alice) == ("owner", False)


def test_who_may_change_whom(acme: Organization, alice: User, bob: User, carol: User, dave: User) -> None:
    members.add_member(acme, dave, role=Role.ADMIN)
    for stranger in (bob, carol):  # staff here, and an owner elsewhere
        with pytest.raises(PermissionDenied):
            members.change_role(of(bob, acme), role=Role.OWNER, actor=stranger)
    members.change_role(of(bob, acme), role=Role.VIEWER, actor=dave)
    with pytest.raises(PermissionDenied):
        members.change_role(of(dave, acme), role=Role.OWNER, actor=dave)
    with pytest.raises(PermissionDenied):
        members.deactivate_member(of(alice, acme), actor=dave)
    with pytest.raises(PermissionDenied):
        members.add_member(acme, carol, role=Role.OWNER, actor=dave)
    members.add_member(acme, carol, role=Role.OWNER, actor=alice)


@pytest.mark.django_db(transaction=True)
def test_two_owners_cannot_remove_each_other_at_once(acme: Organization, alice: User, bob: User) -> None:
    members.change_role(of(bob, acme), role=Role.OWNER)
    barrier, refused = threading.Barrier(2), []

    def remove(whom: Membership, actor: User) -> None:
        with context.public():
            barrier.wait()
            try:
                members.deactivate_member(whom, actor=actor)
            except (LastOwner, PermissionDenied) as error:
                refused.append(error)
            finally:
                connection.close()

    pairs: list[Any] = [(of(bob, acme), alice), (of(alice, acme), bob)]
    threads = [threading.Thread(target=remove, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    assert Membership.objects.filter(organization=acme, role=Role.OWNER, is_active=True).count() == 1
