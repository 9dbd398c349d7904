"""What every page of the look needs: theme, waiting messages, the platform's address."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from shared_apps.web import toasts

THEMES = {"light", "dark"}
IDLE_WARNING = 60  # seconds before the automatic sign-out at which the page asks


def page(request: HttpRequest) -> dict[str, Any]:
    theme = request.COOKIES.get("theme", "")
    return {
        "theme": theme if theme in THEMES else "",
        "toasts": lambda: toasts.waiting(request),
        "platform_url": platform_url(),
        "google_sign_in": bool(settings.SOCIALACCOUNT_PROVIDERS),
        "idle_warning": IDLE_WARNING,
        "organization": getattr(request, "route", None),
        "member": getattr(request, "member", None),
    }


def platform_url() -> str:
    """Where the platform itself is, without a slash at the end."""
    return settings.ORGANIZATION_URL.format(host=settings.PLATFORM_DOMAIN)
