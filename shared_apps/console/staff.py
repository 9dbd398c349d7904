"""Who is staff. Nobody becomes it by a web page alone that has none yet: the first comes from the command line."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa import app_settings as mfa_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from shared_apps.accounts.codes import SPENT
from shared_apps.accounts.models import User
from shared_apps.console.models import ConsoleAction
from shared_apps.core.errors import DomainError, FieldError
from shared_apps.organizations import validation
from shared_apps.organizations.enrolment import DEMO_PASSWORD
from shared_apps.web.context import platform_url

DEMO_SECRET = "COLMEIADEMOCOLMEIADEMOCOLMEIADEM"  # noqa: S105 - 32 letters of base32, for development machines only


class NotAPerson(DomainError):
    code = "not_a_person"
    message = _("Nobody has this e-mail address.")


class NoDemoHere(DomainError):
    code = "no_demo_here"
    message = _("A secret that everybody knows is for development machines only.")


@dataclass(frozen=True, slots=True)
class Granted:
    """`password` and `secret` only when this made them."""

    email: str
    password: str = ""
    secret: str = ""


@transaction.atomic
def grant(email: str, *, name: str = "", password: str = "", everything: bool = True, demo: bool = False) -> Granted:
    """Make somebody staff; a new person gets this password. Raises FieldError, NoDemoHere.

    `demo`: with DEMO_PASSWORD, and a second step whose secret is DEMO_SECRET, unless there is one.
    """
    if demo and not settings.DEBUG:
        raise NoDemoHere
    email = validation.email(email, field="email")
    user = User.objects.select_for_update().filter(email=email).first()
    told = ""
    password = DEMO_PASSWORD if demo else password
    if user is None:
        try:
            validate_password(password, User(email=email))
        except ValidationError as error:
            raise FieldError("password", " ".join(error.messages)) from None
        user, told = User.objects.create_user(email, password, name=name), password
        EmailAddress.objects.create(user=user, email=email, primary=True, verified=True)
    if (user.is_staff, user.is_superuser) != (True, everything):
        user.is_staff, user.is_superuser = True, everything
        user.save(update_fields=["is_staff", "is_superuser"])
        _write_down("console.grant", user, "everything" if everything else "limited")
    if not demo:
        return Granted(email, told)
    return Granted(email, DEMO_PASSWORD if user.check_password(DEMO_PASSWORD) else "", _demo_step(user))


def demo_code() -> str:
    """What an authenticator app with DEMO_SECRET shows now; where that was used, what it shows next, which is good too.

    Raises NoDemoHere.
    """
    if not settings.DEBUG:
        raise NoDemoHere
    now = int(time.time()) // mfa_settings.TOTP_PERIOD
    apps = Authenticator.objects.filter(user__is_staff=True, type=Authenticator.Type.TOTP)
    used = max((one.data.get(SPENT, 0) for one in apps if _has_demo_secret(one)), default=0)
    return format_hotp_value(hotp_value(DEMO_SECRET, now + 1 if used >= now else now))


@transaction.atomic
def revoke(email: str) -> User:
    """Raises NotAPerson."""
    user = User.objects.select_for_update().filter(email=email.strip().lower()).first()
    if user is None:
        raise NotAPerson
    user.is_staff = user.is_superuser = False
    user.save(update_fields=["is_staff", "is_superuser"])
    user.groups.clear()
    user.user_permissions.clear()
    _write_down("console.revoke", user, "revoked")
    return user


def everybody() -> QuerySet[Any]:
    steps = Authenticator.objects.filter(user=OuterRef("pk")).exclude(type=Authenticator.Type.RECOVERY_CODES)
    return User.objects.filter(is_staff=True).annotate(has_second_step=Exists(steps)).order_by("email")


def address() -> str:
    return f"{platform_url()}/console/"


def _demo_step(user: User) -> str:
    found = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
    if found is None:
        TOTP.activate(user, DEMO_SECRET)
        RecoveryCodes.activate(user)
        return DEMO_SECRET
    return DEMO_SECRET if _has_demo_secret(found) else ""


def _has_demo_secret(app: Authenticator) -> bool:
    return bool(get_adapter().decrypt(app.data["secret"]) == DEMO_SECRET)


def _write_down(action: str, user: User, outcome: str) -> None:
    ConsoleAction.objects.create(
        action=action,
        subject="accounts.user",
        subject_id=str(user.pk),
        subject_name=user.email,
        reason="manage.py console",
        outcome=outcome,
    )
