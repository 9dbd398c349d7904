"""Member rows follow memberships."""

from __future__ import annotations

from django.db import connection
from django.test.utils import CaptureQueriesContext

from shared_apps.accounts.models import User
from shared_apps.core.ids import uuid7
from shared_apps.organizations import sessions
from shared_apps.organizations.models import Membership, Organization
from shared_apps.tenancy import context
from tenant_apps.team import services
from tenant_apps.team.models import Member


def test_names_roles_and_closed_accounts_come_along(acme: Organization, alice: User, bob: User) -> None:
    User.objects.filter(pk=bob.pk).update(name="Robert", is_active=False)
    Membership.objects.filter(user=alice).update(role="admin")
    with context.enter(acme.schema_name):
        before = dict(Member.objects.values_list("user_id", "pk"))
        services.sync_members(acme)
        assert list(Member.objects.order_by("email").values_list("name", "role", "is_active")) == [
            ("Alice", "admin", True),
            ("Robert", "staff", False),
        ]
        assert dict(Member.objects.values_list("user_id", "pk")) == before


def test_only_those_who_are_named(acme: Organization, alice: User, bob: User) -> None:
    User.objects.filter(pk__in=[alice.pk, bob.pk]).update(name="New")
    with context.enter(acme.schema_name):
        services.sync_members(acme, user_ids=[bob.pk])
        services.sync_members(acme, user_ids=[])
        assert set(Member.objects.values_list("name", flat=True)) == {"Alice", "New"}


def test_two_statements_for_any_number_of_members(acme: Organization) -> None:
    for number in range(20):
        user = User.objects.create_user(f"m{number}@acme.example")
        Membership.objects.create(organization=acme, user=user)
    with context.enter(acme.schema_name):
        with CaptureQueriesContext(connection) as asked:
            services.sync_members(acme)
        assert len([query for query in asked if "SAVEPOINT" not in query["sql"] and query["sql"][:3] != "SET"]) == 2
        assert Member.objects.count() == 22


def test_the_member_behind_a_sign_in(acme: Organization, globex: Organization, alice: User, bob: User) -> None:
    session = sessions.open_session(alice, acme.pk).session
    with context.enter(acme.schema_name):
        member = Member.objects.signed_in(alice.pk, session.pk)
        assert member is not None
        assert (member.email, member.role, member._state.adding) == ("alice@acme.example", "owner", False)
        assert Member.objects.signed_in(bob.pk, session.pk) is None
        assert Member.objects.signed_in(alice.pk, uuid7()) is None
    with context.enter(globex.schema_name):
        assert Member.objects.signed_in(alice.pk, session.pk) is None
