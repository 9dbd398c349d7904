"""What pages know of who is looking: the sidebar's places, and `can.clients_manage` for each permission."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from shared_apps.organizations import support
from shared_apps.organizations.models import Role
from shared_apps.organizations.permissions import ROLE_PERMISSIONS, Permission
from shared_apps.web import navigation
from shared_apps.web.context import platform_url

GROUPS = ("main", "settings")
ON_THE_BAR = 4  # places at the bottom of a phone
KEPT: dict[tuple[Any, ...], SafeString] = {}  # as many as there are roles, places and languages


def member(request: HttpRequest) -> dict[str, Any]:
    signed_in = getattr(request, "member", None)
    if signed_in is None:
        return {}
    role, path, missing = signed_in.role, request.path, navigation.missing(request)
    return {
        "can": can_of(role),
        "support": getattr(request, "support", None),
        # Called where a template names them, once though two places show the same.
        "menu": cache(partial(written, "web/_menu.html", role, path, missing)),
        "bottom_bar": partial(written, "web/_bottom_bar.html", role, path, missing),
        "who": cache(partial(_who, request)),
    }


def _who(request: HttpRequest) -> SafeString:
    """Who is signed in, and what they can do about it."""
    signed_in: Any = request.member  # type: ignore[attr-defined] # set by `requires`
    values = {
        "name": signed_in.name or signed_in.email,
        "role_label": _("support") if signed_in.role == support.ROLE else Role(signed_in.role).label,
        "platform_url": platform_url(),
        "csrf_token": get_token(request),
    }
    return render_to_string("web/_who.html", values)


@cache
def can_of(role: str) -> dict[str, bool]:
    """Every permission by its name with an underscore, for templates."""
    allowed = ROLE_PERMISSIONS.get(role, frozenset())
    return {permission.value.replace(".", "_"): permission in allowed for permission in Permission}


@dataclass(frozen=True, slots=True)
class Place:
    label: str | Promise
    href: str
    icon: str


@cache
def places(group: str, role: str, missing: frozenset[str] = frozenset()) -> list[Place]:
    """The sidebar's links that this role may follow, but for `missing` features. Apps register theirs at the start."""
    can, shown = can_of(role), []
    for item in navigation.items(group):
        href = navigation.address_of(item, settings.TENANT_URLCONF)
        if item.needs in missing:
            continue
        if href and (not item.permission or can.get(item.permission.replace(".", "_"))):
            shown.append(Place(item.label, href, item.icon))
    return shown


def written(template: str, role: str, path: str, missing: frozenset[str] = frozenset()) -> SafeString:
    """The menu as this role sees it on the page at `path`: the place whose address is nearest to it is current.

    It is kept for everybody, so it is made of nothing but what its key names: no request, no person, no organization.
    """
    current = tuple(_nearest(places(group, role, missing), path) for group in GROUPS)
    key = (template, role, current, missing, get_language())
    if key not in KEPT or settings.DEBUG:  # who changes the template wants to see it
        main, others = (
            [{"place": place, "is_current": place.href == nearest} for place in places(group, role, missing)]
            for group, nearest in zip(GROUPS, current, strict=True)
        )
        KEPT[key] = render_to_string(template, {"main": main, "settings": others, "bar": main[:ON_THE_BAR]})
    return KEPT[key]


def _nearest(shown: list[Place], path: str) -> str:
    """The start page is near to itself alone: every path begins with its own."""
    near = (place.href for place in shown if place.href == path or (place.href != "/" and path.startswith(place.href)))
    return max(near, key=len, default="")
