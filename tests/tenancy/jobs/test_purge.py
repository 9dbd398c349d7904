"""The first real job: organizations.purge_expired, indexed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.sessions.models import Session

from shared_apps.accounts.models import User
from shared_apps.organizations import expiry, sessions, tasks
from shared_apps.organizations.models import Invitation, Organization, RefreshSession
from shared_apps.tenancy import context
from shared_apps.tenancy.jobs import NoOrganization, dispatch
from shared_apps.tenancy.jobs.admission import routes_of
from shared_apps.tenancy.models import DueWork

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def invite(organization: Organization, email: str, expires_at: datetime, **fields: object) -> Invitation:
    expiry.note(organization.pk, expires_at)
    return Invitation.objects.create(
        organization=organization, email=email, token_hash=email, expires_at=expires_at, **fields
    )


def sign_in(organization: Organization, user: User, expires_at: datetime, **fields: object) -> RefreshSession:
    return RefreshSession.objects.create(
        organization=organization, user=user, rotated_at=NOON, expires_at=expires_at, **fields
    )


def test_what_expired_is_deleted_in_the_organization_that_is_due_and_the_next_visit_is_planned(
    acme: Organization, globex: Organization, alice: User, carol: User, eager: None
) -> None:
    with context.public():
        DueWork.objects.all().delete()
        RefreshSession.objects.all().delete()
        expired = invite(acme, "old@acme.example", NOON - timedelta(minutes=20))
        kept = [
            invite(acme, "new@acme.example", NOON + timedelta(days=2)),
            invite(acme, "accepted@acme.example", NOON - 9 * HOUR, accepted_at=NOON - 10 * HOUR),
            invite(globex, "old@globex.example", NOON + timedelta(minutes=10)),
        ]
        DueWork.objects.filter(schema_name="org_acme").update(due_at=NOON, slot=NOON)
        sign_in(acme, alice, NOON - HOUR)
        sign_in(acme, alice, NOON + 9 * HOUR, revoked_at=NOON - HOUR)
        alive = sign_in(acme, alice, NOON + timedelta(days=3))
        foreign = sign_in(globex, carol, NOON - HOUR)
    assert dispatch(NOON) == 1
    with context.public():
        assert not Invitation.objects.filter(pk=expired.pk).exists()
        assert Invitation.objects.filter(pk__in=[row.pk for row in kept]).count() == 3
        assert set(RefreshSession.objects.values_list("pk", flat=True)) == {alive.pk, foreign.pk}
        assert dict(DueWork.objects.values_list("schema_name", "due_at")) == {
            "org_acme": NOON + timedelta(days=2) + HOUR,
            "org_globex": NOON + HOUR,
        }
    assert dispatch(NOON + HOUR) == 1
    with context.public():
        assert not RefreshSession.objects.filter(pk=foreign.pk).exists()
        assert list(DueWork.objects.values_list("schema_name", flat=True)) == ["org_acme"]


def test_a_sign_in_says_when_it_expires(acme: Organization, alice: User) -> None:
    DueWork.objects.all().delete()
    session = sessions.open_session(alice, acme.pk).session
    row = DueWork.objects.get()
    assert (row.schema_name, row.job) == (acme.schema_name, "organizations.purge_expired")
    assert row.due_at == expiry.purge_time(session.expires_at) > session.expires_at
    with context.enter(routes_of([acme.schema_name])[acme.schema_name]):
        assert expiry.first_expiry() == row.due_at


def test_without_an_organization_nothing_is_purged(acme: Organization) -> None:
    with pytest.raises(NoOrganization), context.enter(acme.schema_name):
        tasks.purge_expired(NOON)


def test_web_sessions_that_expired_are_deleted(db: None) -> None:
    Session.objects.create(session_key="old", session_data="", expire_date=NOON)
    Session.objects.create(session_key="new", session_data="", expire_date=NOON + timedelta(days=36500))
    tasks.purge_sign_ins()
    assert list(Session.objects.values_list("session_key", flat=True)) == ["new"]
