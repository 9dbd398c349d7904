"""Who may do what: roles map to permissions in one table, and every view names the permission it needs.

Function views take `@requires(Permission.X)`, DRF views `permission = Permission.X` or `permissions = {action or
method: Permission.X}`. `Public` and `SignedIn` stand for views that need no organization permission. A view that names
none lets nobody in (403), and a system check refuses it before that.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar, cast

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from structlog import get_logger

from shared_apps.accounts.models import User
from shared_apps.organizations import authentication, support
from shared_apps.organizations.errors import NotAuthenticated, PermissionDenied
from shared_apps.organizations.models import Role
from shared_apps.web.access import Public, SignedIn, Staff, public

if TYPE_CHECKING:  # DRF's settings name this module, and its views read them while they are imported
    from rest_framework.views import APIView

__all__ = [
    "ROLE_PERMISSIONS",
    "HasPermission",
    "Permission",
    "Public",
    "SignedIn",
    "Staff",
    "allows",
    "public",
    "requires",
]

logger = get_logger(__name__)
View = TypeVar("View", bound=Callable[..., HttpResponseBase])


class Permission(StrEnum):
    CLIENTS_VIEW = "clients.view"
    CLIENTS_MANAGE = "clients.manage"
    CLIENTS_ARCHIVE = "clients.archive"
    CLIENTS_IMPORT = "clients.import"
    CLIENTS_EXPORT = "clients.export"
    FIELDS_MANAGE = "fields.manage"
    SCHEDULE_VIEW = "schedule.view"  # everybody's calendar, offerings and contracts
    SCHEDULE_MANAGE = "schedule.manage"  # book, move, cancel; offerings, contracts and working hours
    VISITS_REPORT = "visits.report"  # one's own day: check in, report; and read the reports
    FINANCE_VIEW = "finance.view"
    FINANCE_MANAGE = "finance.manage"  # entries, payments, charges, bank
    NOTIFICATIONS_MANAGE = "notifications.manage"  # templates, channels, what was sent
    REPORTS_VIEW = "reports.view"  # each report also needs the permission of what it tells of
    TEAM_VIEW = "team.view"
    TEAM_MANAGE = "team.manage"
    ACTIVITY_VIEW = "activity.view"
    ORGANIZATION_MANAGE = "organization.manage"
    BILLING_MANAGE = "billing.manage"  # what the organization pays us: owners alone


_VIEWER = {Permission.CLIENTS_VIEW, Permission.TEAM_VIEW, Permission.SCHEDULE_VIEW}
_STAFF = _VIEWER | {Permission.CLIENTS_MANAGE, Permission.VISITS_REPORT}
_ADMIN = _STAFF | {
    Permission.CLIENTS_ARCHIVE,
    Permission.CLIENTS_IMPORT,
    Permission.CLIENTS_EXPORT,
    Permission.FIELDS_MANAGE,
    Permission.SCHEDULE_MANAGE,
    Permission.FINANCE_VIEW,
    Permission.FINANCE_MANAGE,
    Permission.NOTIFICATIONS_MANAGE,
    Permission.REPORTS_VIEW,
    Permission.TEAM_MANAGE,
    Permission.ACTIVITY_VIEW,
}

# Of the platform's staff while an owner lets them look (support.py): what reading needs. They change nothing anyway.
_SUPPORT = _VIEWER | {
    Permission.VISITS_REPORT,
    Permission.FINANCE_VIEW,
    Permission.REPORTS_VIEW,
    Permission.ACTIVITY_VIEW,
}

ROLE_PERMISSIONS: dict[str, frozenset[Permission]] = {
    Role.OWNER: frozenset(Permission),
    Role.ADMIN: frozenset(_ADMIN),
    Role.STAFF: frozenset(_STAFF),
    Role.VIEWER: frozenset(_VIEWER),
    support.ROLE: frozenset(_SUPPORT),
}

Required = Permission | type[Public] | type[SignedIn]


def person_of(request: HttpRequest) -> User:
    """Who is signed in. Only behind `requires`; but for id, name and e-mail it is read when somebody asks."""
    return cast(User, request.user)


def allows(role: str, permission: Permission) -> bool:
    """Whether a role carries a permission. A role nobody knows carries none."""
    return permission in ROLE_PERMISSIONS.get(role, frozenset())


def requires(permission: Required) -> Callable[[View], View]:
    """Let a request into a function view. Raises NotAuthenticated or PermissionDenied; sets request.member."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if permission is not Public:
                member = authentication.sign_in_any(request)
                if member is None:
                    raise NotAuthenticated
                if permission is not SignedIn and not allows(member.role, cast(Permission, permission)):
                    raise PermissionDenied
                if (visit := getattr(request, "support", None)) is not None:
                    support.let_in(request, visit)
            response = view(request, *args, **kwargs)
            if permission is not Public and not response.has_header("Cache-Control"):
                # Also the browser's own copy: "back" after signing out shows nobody's records.
                response["Cache-Control"] = "private, no-store"
            return response

        guarded.required_permission = permission  # type: ignore[attr-defined]
        return cast(View, guarded)

    return decorate


def required_by(view: APIView, method: str) -> Required | None:
    """The permission a DRF view names for this HTTP method or, in a viewset, for the action the method leads to."""
    named: dict[str, Required] | None = getattr(view, "permissions", None)
    if named is None:
        return getattr(view, "permission", None)
    action = getattr(view, "action", None)
    return named.get(action or method.lower(), getattr(view, "permission", None))


class HasPermission(BasePermission):
    """The default permission class of the API; DRF turns its refusal into 401 or 403."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        method = request.method or ""
        required = required_by(view, method)
        if required is Public:
            return True
        member = getattr(request, "member", None) if request.auth is not None else None
        if member is None:
            return False
        if required is SignedIn or not _is_handled(view, method):
            return True  # the second leads to 405, or to OPTIONS' description
        if required is None:
            logger.error("view_names_no_permission", view=type(view).__qualname__, method=method)
            return False
        return allows(member.role, cast(Permission, required))


def _is_handled(view: APIView, method: str) -> bool:
    if method == "OPTIONS":
        return False
    if hasattr(view, "action_map"):
        return view.action is not None  # type: ignore[attr-defined]
    return hasattr(view, method.lower())
