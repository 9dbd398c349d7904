"""The cast: alice owns acme, bob is staff there, carol owns globex and must see nothing, dave is in no organization."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from shared_apps.accounts.models import User
from shared_apps.organizations.models import Membership, Organization, Role
from shared_apps.organizations.onboarding import open_organization
from shared_apps.organizations.signals import members_changed
from shared_apps.tenancy import context
from shared_apps.tenancy.models import Schema

PASSWORD = "correct-horse-battery"


@dataclass(frozen=True)
class Cast:
    acme: Organization
    globex: Organization
    alice: User
    bob: User
    carol: User
    dave: User


def build() -> Cast:
    """Make the cast for real (committed). Left-overs of a flushed database are dropped first."""
    with context.public():
        drop_left_overs()
        alice, bob, carol, dave = (
            User.objects.create_user(f"{name}@{place}.example", PASSWORD, name=name.title())
            for name, place in [("alice", "acme"), ("bob", "acme"), ("carol", "globex"), ("dave", "nowhere")]
        )
        acme = open_organization(slug="acme", name="Acme Piscinas", owner=alice, locale="en")
        globex = open_organization(slug="globex", name="Globex Piscinas", owner=carol, locale="en")
        Membership.objects.create(organization=acme, user=bob, role=Role.STAFF)
    with context.enter(acme.schema_name):
        members_changed.send(Organization, organization=acme, user_ids=[bob.pk])
    return Cast(acme, globex, alice, bob, carol, dave)


def drop_left_overs() -> None:
    """Drop every organization's schema that no organization row knows (a flush empties public alone)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nspname FROM pg_namespace WHERE nspname ~ '^(org|pool|trash)_'")
        known = set(Schema.objects.values_list("name", flat=True)) & set(
            Organization.objects.values_list("schema_name", flat=True)
        )
        for (name,) in cursor.fetchall():
            if name not in known:
                cursor.execute(f'DROP SCHEMA "{name}" CASCADE')
                Schema.objects.filter(name=name).delete()
