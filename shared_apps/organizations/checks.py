"""Every URL names the permission it asks for."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.urls import URLPattern, URLResolver


@register("permissions")
def check_every_view_names_a_permission(**_kwargs: Any) -> list[CheckMessage]:
    """organizations.E001: a view of the platform or of an organization that names no permission."""
    return [
        Error(
            f"/{route} names no permission.",
            hint="@requires(Permission.X), or `permission = Permission.X` on a DRF view; else Public or SignedIn.",
            obj=callback,
            id="organizations.E001",
        )
        for urlconf in (settings.ROOT_URLCONF, settings.TENANT_URLCONF)
        for route, callback in views(import_module(urlconf).urlpatterns)
        if not names_permission(callback)
    ]


def views(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Every (route, view) below these URL patterns."""
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from views(pattern.url_patterns, route)
        else:
            yield route, pattern.callback


def names_permission(callback: Any) -> bool:
    from shared_apps.organizations.permissions import (
        Permission,
        Public,
        SignedIn,
        Staff,
    )  # loads DRF: commands do without

    named = getattr(callback, "required_permission", None)
    if named is None:
        view = getattr(callback, "cls", None) or getattr(callback, "view_class", None)
        own = {**getattr(view, "__dict__", {}), **getattr(callback, "initkwargs", {})}
        named = own.get("permissions", getattr(view, "permissions", None)) or own.get(
            "permission", getattr(view, "permission", None)
        )
    every = list(named.values()) if isinstance(named, dict) else [named]
    return bool(every) and all(one in (Public, SignedIn, Staff) or isinstance(one, Permission) for one in every)
