"""An authenticator app in the hands of a test."""

from __future__ import annotations

import time

from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
)

from shared_apps.accounts.models import User


def with_app(user: User) -> str:
    """Give this person an authenticator app and recovery codes; the app's secret."""
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    RecoveryCodes.activate(user)
    return secret


def code(secret: str, *, ahead: int = -1) -> str:
    """What the app shows in a step of 30 seconds, of the last one unless told: so there are others to come."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // app_settings.TOTP_PERIOD + ahead))


def wrong(secret: str) -> str:
    return f"{(int(code(secret)) + 1) % 10**6:06}"


def recovery_codes(user: User) -> list[str]:
    found: list[str] = Authenticator.objects.get(user=user, type="recovery_codes").wrap().get_unused_codes()
    return found


def stored_secret(user: User) -> str:
    return str(Authenticator.objects.get(user=user, type="totp").data["secret"])


def read(stored: str) -> str:
    return get_adapter().decrypt(stored)
