"""What somebody signs in from: a name they recognise, the address, and whether it was here before.

A browser keeps a random name in a cookie of the platform's host; an app may send one of its own in `X-Device-Id`. With
the browser's family it makes a keyed hash. Without either, the family and system alone stand for the device, so a
second phone of the same make is no news; nothing more is read from it (no fingerprint).
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from ua_parser import parse

from shared_apps.accounts.addresses import client_address

SALT = "colmeia.device"
LASTS = timedelta(days=400)  # the longest a browser keeps a cookie
APP_ID = re.compile(r"[\w.:-]{8,100}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Device:
    """`label` is "Chrome, Android", `key` the hash it is known by; `address` is "" when unknown."""

    label: str
    address: str
    key: str


def of(request: HttpRequest) -> Device:
    family, label = names(request.headers.get("user-agent", ""))
    known_as = _app_id(request) or _cookie(request) or label
    return Device(label, client_address(request.META), hash_of(f"{known_as}|{family}"))


def of_browser(request: HttpRequest) -> Device:
    """The same for a browser on the platform's host, which is given a name if it has none (DeviceMiddleware)."""
    if not _cookie(request):
        request.device_name = secrets.token_urlsafe(18)  # type: ignore[attr-defined] # for DeviceMiddleware
    return of(request)


def names(user_agent: str) -> tuple[str, str]:
    """("Chrome", "Chrome, Android"). Empty when it says nothing that is known."""
    found = parse(user_agent[:500])
    family = found.user_agent.family if found.user_agent else ""
    system = found.os.family if found.os else ""
    return family, ", ".join(part for part in (family, system) if part)[:120]


def hash_of(name: str) -> str:
    return hmac.new(f"device.{settings.SECRET_KEY}".encode(), name.encode(), hashlib.sha256).hexdigest()


class DeviceMiddleware:
    """Leaves the name that a sign-in gave to this browser in it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        name = getattr(request, "device_name", "")
        if name:
            response.set_cookie(
                settings.DEVICE_COOKIE,
                signing.dumps(name, salt=SALT),
                max_age=LASTS,
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        return response


def _app_id(request: HttpRequest) -> str:
    given = request.headers.get("x-device-id", "")
    return given if APP_ID.fullmatch(given) else ""


def _cookie(request: HttpRequest) -> str:
    """The name this browser was given, now or before."""
    given: str = getattr(request, "device_name", "")
    if given:
        return given
    kept = request.COOKIES.get(settings.DEVICE_COOKIE, "")
    try:
        return str(signing.loads(kept, salt=SALT)) if 0 < len(kept) < 300 else ""
    except signing.BadSignature:
        return ""
