"""A person's own account, through the API: nothing of it is in an organization's tables."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator

from shared_apps.accounts import second_step
from shared_apps.accounts.models import SignInStep, User
from shared_apps.organizations import sessions
from shared_apps.organizations.models import Membership
from tests.cast import PASSWORD
from tests.isolation.rows.base import Row
from tests.isolation.world import World


def proof(_world: World, _user: User) -> dict[str, str]:
    return {"password": PASSWORD}


def step(purpose: SignInStep.Purpose, **more: str) -> Any:
    """A token of this person for this organization, with a code that is wrong unless said otherwise."""

    def body(world: World, user: User) -> dict[str, str]:
        return {"mfa_token": second_step.begin(user, world.organization.pk, purpose), **more}

    return body


def owners_session(world: World) -> Any:
    owner = Membership.objects.select_related("user").get(organization=world.organization, role="owner").user
    return sessions.open_session(owner, world.organization.pk).session.pk


def owners_passkey(world: World) -> Any:
    """Of the organization's owner; kept in public, so it is made there, and found again."""
    owner = Membership.objects.select_related("user").get(organization=world.organization, role="owner").user
    found, _made = Authenticator.objects.get_or_create(user=owner, type="webauthn", defaults={"data": {"name": "Key"}})
    return found.pk


Purpose = SignInStep.Purpose
CODE, ENROLMENT, SETUP, PASSKEY = Purpose.CODE, Purpose.ENROLMENT, Purpose.SETUP, Purpose.PASSKEY
ROWS: dict[str, Row] = {
    "POST /api/v1/auth/login/code/": Row(
        body=step(CODE, code="000000"), answers=(422,), as_stranger=(401,), changes=False
    ),
    "POST /api/v1/auth/login/enrolment/": Row(body=step(ENROLMENT), as_stranger=(401,), changes=False),
    "POST /api/v1/auth/login/enrolment/activation/": Row(
        body=step(ENROLMENT, code="000000"), answers=(422,), as_stranger=(401,), changes=False
    ),
    # The planted organizations have no open invitation whose token anybody knows.
    "POST /api/v1/auth/registration/": Row(
        body=lambda *_: {"token": "x", "name": "New", "password": PASSWORD},
        answers=(410,),
        as_stranger=(410,),
        changes=False,
    ),
    "GET /api/v1/auth/mfa/": Row(shows=False),
    "POST /api/v1/auth/mfa/totp/": Row(body=proof, changes=False),
    "POST /api/v1/auth/mfa/totp/activation/": Row(body=step(SETUP, code="000000"), answers=(422,), changes=False),
    "POST /api/v1/auth/mfa/totp/removal/": Row(body=proof, answers=(409,), changes=False),
    "POST /api/v1/auth/mfa/recovery-codes/": Row(body=proof, answers=(409,), changes=False),
    "GET /api/v1/auth/mfa/passkeys/": Row(shows=False),
    "POST /api/v1/auth/mfa/passkeys/": Row(body=proof, changes=False),
    "POST /api/v1/auth/mfa/passkeys/activation/": Row(body=step(PASSKEY, credential={}), answers=(422,), changes=False),
    # Somebody else's is not there, whatever the role.
    "POST /api/v1/auth/mfa/passkeys/<int:pk>/removal/": Row(
        arguments={"pk": owners_passkey}, body=proof, answers=(204, 404), changes=False
    ),
    "POST /api/v1/auth/password/change/": Row(
        body=lambda *_: {"old_password": PASSWORD, "new_password": "another-good-one"}, changes=False
    ),
    "POST /api/v1/auth/password/reset/": Row(
        body=lambda _world, user: {"email": user.email}, answers=(202,), as_stranger=(202,), changes=False
    ),
    "POST /api/v1/auth/password/reset/confirmation/": Row(
        body=lambda *_: {"uid": "x", "token": "x", "new_password": "another-good-one"},
        answers=(422,),
        as_stranger=(422,),
        changes=False,
    ),
    "POST /api/v1/auth/email/verification/": Row(answers=(202, 429), changes=False),  # one mail in three minutes
    "POST /api/v1/auth/email/confirmation/": Row(
        body=lambda *_: {"key": "x"}, answers=(422,), as_stranger=(422,), changes=False
    ),
    "GET /api/v1/auth/sessions/": Row(shows=False),
    "DELETE /api/v1/auth/sessions/others/": Row(changes=False),
    # Somebody else's is not there, whatever the role.
    "DELETE /api/v1/auth/sessions/<uuid:pk>/": Row(arguments={"pk": owners_session}, answers=(204, 404), changes=False),
}
