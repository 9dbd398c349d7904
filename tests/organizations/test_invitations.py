"""Invitations: who may send one, and that only its holder knows the token."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from shared_apps.accounts.models import User
from shared_apps.core import formats
from shared_apps.core.errors import FieldError
from shared_apps.core.tokens import hash_of
from shared_apps.mail.models import Mail
from shared_apps.organizations import invitations
from shared_apps.organizations.errors import AlreadyMember, PermissionDenied
from shared_apps.organizations.models import Invitation, Organization, Role
from shared_apps.tenancy.models import DueWork


def test_the_token_is_not_stored_and_its_end_is_noted(acme: Organization, alice: User) -> None:
    invitation, token = invitations.invite(acme, email=" New@Acme.example ", role=Role.STAFF, actor=alice)
    assert invitation.email == "new@acme.example"
    assert token not in str(Invitation.objects.values().get())
    assert Invitation.objects.get(token_hash=hash_of(token)) == invitation
    assert DueWork.objects.filter(schema_name=acme.schema_name, job="organizations.purge_expired").exists()


def test_inviting_again_replaces_the_link(acme: Organization) -> None:
    _first, old = invitations.invite(acme, email="new@acme.example", role=Role.STAFF)
    second, _new = invitations.invite(acme, email="new@acme.example", role=Role.VIEWER)
    assert Invitation.objects.get() == second
    assert not Invitation.objects.filter(token_hash=hash_of(old)).exists()


def test_the_mail_names_the_day_where_the_firm_is(acme: Organization) -> None:
    Organization.objects.filter(pk=acme.pk).update(timezone="Asia/Tokyo", locale="en")
    acme.refresh_from_db()
    invitation, token = invitations.invite(acme, email="new@acme.example", role=Role.STAFF)
    invitation.expires_at = datetime(2026, 3, 1, 20, tzinfo=UTC)
    invitations.send(invitation, token, organization=acme)
    assert Mail.objects.get().context["until"] == formats.long_date(date(2026, 3, 2))


def test_who_may_invite_whom(acme: Organization, alice: User, bob: User, carol: User) -> None:
    for stranger in (bob, carol):
        with pytest.raises(PermissionDenied):
            invitations.invite(acme, email="new@acme.example", role=Role.STAFF, actor=stranger)
    with pytest.raises(AlreadyMember):
        invitations.invite(acme, email="bob@acme.example", role=Role.ADMIN, actor=alice)
    with pytest.raises(FieldError):
        invitations.invite(acme, email="nobody", role=Role.ADMIN, actor=alice)
    assert not Invitation.objects.exists()
