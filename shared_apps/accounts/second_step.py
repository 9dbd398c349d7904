"""The second step of a sign-in, for programs: a code of an authenticator app or a recovery code.

Stored by django-allauth, so pages and API ask the same authenticators, and a code counts once for both (codes.py).
Guesses are counted like passwords (throttle.py), for the person and the address.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from allauth.account.adapter import get_adapter as account_adapter
from allauth.core import context as allauth_context
from allauth.mfa.adapter import get_adapter as mfa_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.signals import authenticator_removed
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.db import transaction
from django.utils import timezone

from shared_apps.accounts import codes, throttle
from shared_apps.accounts.errors import NoSecondStep, SecondStepThere, StepExpired, WrongCode, WrongPassword
from shared_apps.accounts.models import SignInStep, User
from shared_apps.core.tokens import hash_of

LIFETIME = timedelta(minutes=5)
SETUP_LIFETIME = timedelta(minutes=15)
KEPT = timedelta(days=1)
LONGEST = 100  # characters of a token; ours have 43


@dataclass(frozen=True, slots=True)
class Factors:
    """What a person has besides the password."""

    app: bool
    passkeys: int
    recovery_codes: int  # left

    @property
    def any(self) -> bool:
        return self.app or self.passkeys > 0

    @property
    def methods(self) -> list[str]:
        """Those that the API takes; a passkey belongs to the platform's pages."""
        return [name for name, there in (("totp", self.app), ("recovery_code", self.recovery_codes > 0)) if there]


@dataclass(frozen=True, slots=True)
class Setup:
    """An authenticator app to be: what it scans, and the token with which its first code is sent."""

    token: str
    secret: str
    url: str
    svg: str


def factors(user_id: UUID) -> Factors:
    found = list(Authenticator.objects.filter(user_id=user_id))
    kinds = [one.type for one in found]
    codes = next((one for one in found if one.type == Authenticator.Type.RECOVERY_CODES), None)
    return Factors(
        app=Authenticator.Type.TOTP in kinds,
        passkeys=kinds.count(Authenticator.Type.WEBAUTHN),
        recovery_codes=len(codes.wrap().get_unused_codes()) if codes else 0,
    )


def begin(user: User, organization_id: UUID, purpose: SignInStep.Purpose, *, secret: str = "") -> str:
    """The token for what is still missing."""
    token = secrets.token_urlsafe(32)
    SignInStep.objects.create(
        user_id=user.pk,
        organization_id=organization_id,
        purpose=purpose,
        token_hash=hash_of(token),
        password_mark=user.get_session_auth_hash(),
        secret=mfa_adapter().encrypt(secret) if secret else "",
        expires_at=timezone.now() + (LIFETIME if purpose == SignInStep.Purpose.CODE else SETUP_LIFETIME),
    )
    return token


@contextmanager
def taken(token: str, organization_id: UUID, *purposes: str, address: str) -> Iterator[SignInStep]:
    """The step of a token, used up when the block ends well. Raises StepExpired, TooManyAttempts; a WrongCode inside
    counts as a guess and leaves the token good for another."""
    found = find(token, organization_id, *purposes)
    with guess(found.user_id, address=address), transaction.atomic():
        step = SignInStep.objects.select_for_update().get(pk=found.pk)
        if step.used_at is not None:
            raise StepExpired
        yield step
        step.used_at = timezone.now()
        step.save(update_fields=["used_at"])


def find(token: str, organization_id: UUID, *purposes: str) -> SignInStep:
    """Raises StepExpired, also when the account was closed or got another password in between."""
    if len(token) > LONGEST:
        raise StepExpired
    steps = SignInStep.objects.select_related("user").filter(used_at=None, expires_at__gt=timezone.now())
    step = steps.filter(token_hash=hash_of(token), organization_id=organization_id, purpose__in=purposes).first()
    if step is None or not step.user.is_active or step.password_mark != step.user.get_session_auth_hash():
        raise StepExpired
    return step


@contextmanager
def guess(user_id: UUID, *, address: str) -> Iterator[None]:
    """Count what is tried inside. Raises TooManyAttempts before it begins."""
    attempt = throttle.begin(email=f"second-step:{user_id}", address=address)
    try:
        yield
    except (WrongCode, WrongPassword):
        throttle.failed(attempt)
        raise
    except Exception:
        throttle.withdraw(attempt)
        raise
    throttle.succeeded(attempt)


def check_code(user_id: UUID, code: str) -> None:
    """A code of the app or a recovery code, each good once. Raises WrongCode."""
    authenticator = codes.spend(user_id, code)
    if authenticator is None:
        raise WrongCode
    authenticator.record_usage()


def confirm(user: User, *, password: str, code: str, address: str) -> None:
    """Somebody who is signed in proves again who they are, by either. Raises WrongPassword, WrongCode."""
    with guess(user.pk, address=address):
        if code:
            check_code(user.pk, code)
        elif not user.check_password(password):
            raise WrongPassword


def set_up(user: User, organization_id: UUID) -> Setup:
    """Raises SecondStepThere."""
    if Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.TOTP).exists():
        raise SecondStepThere
    secret = generate_totp_secret()
    return _setup(user, begin(user, organization_id, SignInStep.Purpose.SETUP, secret=secret), secret)


def set_up_within(step: SignInStep, token: str) -> Setup:
    """The same in the middle of a sign-in, with the token that it gave. Raises StepExpired if there is one by now."""
    if factors(step.user_id).any:
        raise StepExpired
    secret = generate_totp_secret()
    step.secret = mfa_adapter().encrypt(secret)
    step.save(update_fields=["secret"])
    return _setup(step.user, token, secret)


def activate(step: SignInStep, code: str) -> list[str]:
    """The app's first code makes it count; the recovery codes that come with it. Raises WrongCode, SecondStepThere."""
    user = User.objects.select_for_update().get(pk=step.user_id)
    if not step.secret:
        raise WrongCode
    if Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.TOTP).exists():
        raise SecondStepThere
    TOTP.activate(user, mfa_adapter().decrypt(step.secret))
    check_code(user.pk, code)  # a first code counts as used, too
    recovery_codes: list[str] = RecoveryCodes.activate(user).get_unused_codes()
    tell(user, "mfa/email/totp_activated")
    return recovery_codes


@transaction.atomic
def remove_app(user: User) -> None:
    """Recovery codes go with the last authenticator. Raises NoSecondStep."""
    mine = Authenticator.objects.filter(user_id=user.pk)
    app = mine.filter(type=Authenticator.Type.TOTP).first()
    if app is None:
        raise NoSecondStep
    remove(user, app)
    tell(user, "mfa/email/totp_deactivated")


def remove(user: User, one: Authenticator) -> None:
    """Recovery codes alone are no second step."""
    one.delete()
    mine = Authenticator.objects.filter(user_id=user.pk)
    if not mine.exclude(type=Authenticator.Type.RECOVERY_CODES).exists():
        mine.delete()
    authenticator_removed.send(sender=Authenticator, request=allauth_context.request, user=user, authenticator=one)


@transaction.atomic
def new_recovery_codes(user: User) -> list[str]:
    """The ones before are dead. Raises NoSecondStep."""
    User.objects.select_for_update().get(pk=user.pk)
    if not factors(user.pk).any:
        raise NoSecondStep
    Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.RECOVERY_CODES).delete()
    recovery_codes: list[str] = RecoveryCodes.activate(user).get_unused_codes()
    tell(user, "mfa/email/recovery_codes_generated")
    return recovery_codes


def purge(now: datetime) -> int:
    return SignInStep.objects.filter(expires_at__lte=now - KEPT).delete()[0]


def _setup(user: User, token: str, secret: str) -> Setup:
    adapter = mfa_adapter()
    url = adapter.build_totp_url(user, secret)
    return Setup(token, secret, url, adapter.build_totp_svg(url))


def tell(user: User, template: str) -> None:
    """By e-mail, as the pages do."""
    request = allauth_context.request  # whose address the mail names

    def send() -> None:
        with allauth_context.request_context(request):
            account_adapter().send_notification_mail(template, user)

    transaction.on_commit(send)
