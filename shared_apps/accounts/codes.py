"""Codes of an authenticator app and recovery codes: each is good once, on all hosts and whatever a cache forgets.

allauth remembers a used code for one step of 30 seconds, in the cache; with a tolerance it is valid for three. So the
step of the newest code that was taken is kept in the app's own row, and only a later one is good (RFC 6238, 5.2).
"""

from __future__ import annotations

from uuid import UUID

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.db import transaction

SPENT = "spent"  # in the data of an app's row
KINDS = (Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES)


@transaction.atomic
def spend(user_id: UUID, code: str) -> Authenticator | None:
    """The authenticator that the code was good for, and now is not any more. None: it was no good."""
    # Locked: two that send the same at once come one after the other.
    for one in Authenticator.objects.select_for_update().filter(user_id=user_id, type__in=KINDS).order_by("-type"):
        if _spend_app(one, code) if one.type == Authenticator.Type.TOTP else one.wrap().validate_code(code):
            return one
    return None


def _spend_app(app: Authenticator, code: str) -> bool:
    secret, newest = get_adapter().decrypt(app.data["secret"]), app.data.get(SPENT, 0)
    for step in yield_hotp_counters_from_time():
        if step > newest and compare_user_code(actual=code, expected=format_hotp_value(hotp_value(secret, step))):
            app.data[SPENT] = step
            app.save(update_fields=["data"])
            return True
    return False
