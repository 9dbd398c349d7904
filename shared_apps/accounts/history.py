"""When and from where a person signed in, and whether the device was new to them."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation

from shared_apps.accounts.devices import Device
from shared_apps.accounts.models import KnownDevice, PlatformSession, SignIn, User
from shared_apps.core import formats
from shared_apps.mail import services as mail
from shared_apps.web.context import platform_url

REMEMBERED = timedelta(days=400)


@transaction.atomic
def record(user: User, method: str, device: Device, *, organization_id: UUID | None = None) -> SignIn:
    """Write a sign-in down. On a device this person was not seen on before, they get a mail; the first device of all is
    no news, and neither is the crossing from the platform's host to an organization's."""
    now = timezone.now()
    is_new = method != SignIn.Method.HAND_OVER and _is_new(user, device, now)
    done = SignIn.objects.create(
        user_id=user.pk,
        at=now,
        method=method,
        device=device.label,
        address=device.address or None,
        organization_id=organization_id,
        is_new_device=is_new,
    )
    if is_new:
        _tell(user, done)
    return done


def recent(user_id: UUID, *, limit: int) -> list[SignIn]:
    return list(SignIn.objects.filter(user_id=user_id).order_by("-at")[:limit])


def purge(now: datetime) -> int:
    """Delete what is older than people are promised; how many sign-ins."""
    KnownDevice.objects.filter(seen_at__lte=now - REMEMBERED).delete()
    PlatformSession.objects.filter(created_at__lte=now - timedelta(seconds=settings.SESSION_COOKIE_AGE)).delete()
    return SignIn.objects.filter(at__lte=now - timedelta(days=settings.SIGN_IN_HISTORY_DAYS)).delete()[0]


def _tell(user: User, done: SignIn) -> None:
    locale = user.locale or translation.get_language() or settings.LANGUAGE_CODE
    with formats.reading(locale=locale):
        at = formats.date_time(done.at)
    mail.send(
        "accounts/new_device",
        to=user.email,
        locale=locale,
        context={
            "device": done.device,
            "address": done.address or "",
            "at": at,
            "link": f"{platform_url()}/account/places/",
        },
    )


def _is_new(user: User, device: Device, now: datetime) -> bool:
    known = KnownDevice.objects.filter(user_id=user.pk)
    if known.filter(key_hash=device.key).update(seen_at=now):
        return False
    had_one = known.exists()
    KnownDevice.objects.get_or_create(user_id=user.pk, key_hash=device.key, defaults={"seen_at": now})
    return had_one
