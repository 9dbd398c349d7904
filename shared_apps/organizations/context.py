"""What pages know of who is looking: the sidebar's places, and `can.clients_manage` for each permission."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from shared_apps.organizations.models import Role
from shared_apps.organizations.permissions import ROLE_PERMISSIONS, Permission
from shared_apps.web import navigation


def member(request: HttpRequest) -> dict[str, Any]:
    signed_in = getattr(request, "member", None)
    if signed_in is None:
        return {}
    can = can_of(signed_in.role)
    return {
        "can": can,
        "role_label": Role(signed_in.role).label,
        "menu": places("main", can, request.path),
        "settings_menu": places("settings", can, request.path),
    }


@cache
def can_of(role: str) -> dict[str, bool]:
    """Every permission by its name with an underscore, for templates."""
    allowed = ROLE_PERMISSIONS.get(role, frozenset())
    return {permission.value.replace(".", "_"): permission in allowed for permission in Permission}


def places(group: str, can: dict[str, bool], path: str) -> list[dict[str, Any]]:
    """The sidebar's links that this role may follow; the one whose address is nearest to the page's is current."""
    shown: list[dict[str, Any]] = []
    for item in navigation.items(group):
        href = navigation.address_of(item, settings.TENANT_URLCONF)
        if href and (not item.permission or can.get(item.permission.replace(".", "_"))):
            shown.append({"label": item.label, "href": href, "icon": item.icon, "current": False})
    inside = [
        place for place in shown if path == place["href"] or (path.startswith(place["href"]) and place["href"] != "/")
    ]
    if inside:
        max(inside, key=lambda place: len(place["href"]))["current"] = True
    return shown
