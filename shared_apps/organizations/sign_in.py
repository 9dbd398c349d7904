"""Signing in to one organization. All of it runs inside the organization's schema."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import get_language

from shared_apps.accounts import history, second_step, throttle
from shared_apps.accounts import services as accounts
from shared_apps.accounts.devices import Device
from shared_apps.accounts.errors import EnrolmentNeeded, InvalidCredentials, SecondStepNeeded, StepExpired
from shared_apps.accounts.models import SignIn as Done
from shared_apps.accounts.models import SignInStep, User
from shared_apps.organizations import invitations, roster, sessions, tokens
from shared_apps.organizations.errors import InvalidRefreshToken, InvitationGone
from shared_apps.organizations.models import Organization
from shared_apps.organizations.roster import Member

CODE, ENROLMENT = SignInStep.Purpose.CODE, SignInStep.Purpose.ENROLMENT


@dataclass(frozen=True, slots=True)
class SignIn:
    """What a sign-in or its renewal hands out. `refresh` belongs in an HttpOnly cookie."""

    member: Member
    access: str
    refresh: str


def sign_in(*, email: str, password: str, device: Device, organization_id: UUID) -> SignIn:
    """Raises InvalidCredentials (also for a right password of somebody who is no active member) or TooManyAttempts.

    A password alone opens nothing for who has a second step (SecondStepNeeded), nor where the organization asks for one
    (EnrolmentNeeded). What was counted against the e-mail stays then: a code has not been seen yet.
    """
    attempt = throttle.begin(email=email, address=device.address)
    try:
        user = accounts.check_credentials(email=email, password=password)
        member = roster.members().active(user.pk)
        if member is None:
            raise InvalidCredentials
    except InvalidCredentials:
        throttle.failed(attempt)
        raise
    try:
        _check_one_step_is_enough(user, organization_id)
    except (SecondStepNeeded, EnrolmentNeeded):
        throttle.withdraw(attempt)
        raise
    with transaction.atomic():
        throttle.succeeded(attempt)
        return _opened(user, member, Done.Method.PASSWORD, device, organization_id)


def finish(*, mfa_token: str, code: str, device: Device, organization_id: UUID) -> SignIn:
    """The second step. Raises StepExpired, WrongCode, TooManyAttempts."""
    with second_step.taken(mfa_token, organization_id, CODE, address=device.address) as step:
        member = _still_member(step)
        second_step.check_code(step.user_id, code)
        return _opened(step.user, member, Done.Method.CODE, device, organization_id)


def begin_enrolment(*, mfa_token: str, organization_id: UUID) -> second_step.Setup:
    """What an authenticator app scans. Asked for again, it is another. Raises StepExpired."""
    step = second_step.find(mfa_token, organization_id, ENROLMENT)
    _still_member(step)
    return second_step.set_up_within(step, mfa_token)


def finish_enrolment(*, mfa_token: str, code: str, device: Device, organization_id: UUID) -> tuple[SignIn, list[str]]:
    """The app's first code: signed in, and the recovery codes. Raises StepExpired, WrongCode, TooManyAttempts."""
    with second_step.taken(mfa_token, organization_id, ENROLMENT, address=device.address) as step:
        member = _still_member(step)
        codes = second_step.activate(step, code)
        return _opened(step.user, member, Done.Method.CODE, device, organization_id), codes


def join(*, token: str, name: str, password: str, device: Device, organization_id: UUID) -> SignIn:
    """Somebody new accepts an invitation to this organization and is in. Raises InvitationGone, InvitedAnother (who has
    an account accepts on the pages), FieldError; EnrolmentNeeded when they joined and a second step is asked for."""
    if invitations.find(token).organization_id != organization_id:
        raise InvitationGone
    user = invitations.accept_as_new(token, name=name, password=password, locale=get_language() or "")
    _check_one_step_is_enough(user, organization_id)
    member = roster.members().active(user.pk)
    if member is None:
        raise InvitationGone
    with transaction.atomic():
        return _opened(user, member, Done.Method.INVITATION, device, organization_id)


def renew(*, refresh: str, organization_id: UUID) -> SignIn:
    """A new access token, and the refresh token that is good from now on. Raises InvalidRefreshToken."""
    renewed = sessions.rotate(refresh, organization_id=organization_id)
    if renewed is None:
        raise InvalidRefreshToken
    member = roster.members().active(renewed.session.user_id)
    if member is None:
        raise InvalidRefreshToken
    return _handed_out(member, renewed)


def _check_one_step_is_enough(user: User, organization_id: UUID) -> None:
    """Raises SecondStepNeeded or EnrolmentNeeded, with the token for what is missing."""
    has = second_step.factors(user.pk)
    if has.any:
        raise SecondStepNeeded(
            mfa_token=second_step.begin(user, organization_id, CODE), methods=has.methods, expires_in=_seconds(CODE)
        )
    if Organization.objects.filter(pk=organization_id, require_mfa=True).exists():
        raise EnrolmentNeeded(
            mfa_token=second_step.begin(user, organization_id, ENROLMENT), expires_in=_seconds(ENROLMENT)
        )


def _still_member(step: SignInStep) -> Member:
    member = roster.members().active(step.user_id)
    if member is None:
        raise StepExpired
    return member


def _opened(user: User, member: Member, method: str, device: Device, organization_id: UUID) -> SignIn:
    accounts.record_sign_in(user)
    history.record(user, method, device, organization_id=organization_id)
    opened = sessions.open_session(user, organization_id, device=device.label, address=device.address)
    return _handed_out(member, opened)


def _seconds(purpose: SignInStep.Purpose) -> int:
    lifetime = second_step.LIFETIME if purpose == CODE else second_step.SETUP_LIFETIME
    return int(lifetime.total_seconds())


def _handed_out(member: Member, refreshed: sessions.Refreshed) -> SignIn:
    session = refreshed.session
    claims = tokens.Claims(session.organization_id, session.user_id, session.pk)
    return SignIn(member, tokens.issue(claims), refreshed.token)
