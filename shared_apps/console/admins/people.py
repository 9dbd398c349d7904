"""Users: who they are, where they work, how they signed in."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from shared_apps.accounts import platform_sessions
from shared_apps.accounts.models import PlatformSession, SignIn, User
from shared_apps.console import actions
from shared_apps.console.actions import Action
from shared_apps.console.admins.base import ConsoleAdmin, ReadOnlyAdmin, ReadOnlyInline
from shared_apps.console.site import register
from shared_apps.core.errors import DomainError
from shared_apps.organizations import sessions
from shared_apps.organizations.models import Membership


class NotYours(DomainError):
    code = "not_yours"
    status = 403
    message = _("You cannot do this to yourself, nor to somebody who may do everything unless you may.")


class MembershipInline(ReadOnlyInline):
    model = Membership
    fields = ("organization", "role", "is_active", "created_at")
    readonly_fields = fields
    verbose_name_plural = _("memberships")
    ordering = ("-created_at",)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("organization")


class SignInInline(ReadOnlyInline):
    model = SignIn
    fields = ("at", "method", "device", "address", "is_new_device")
    readonly_fields = fields
    verbose_name_plural = _("sign-ins")
    ordering = ("-at",)


@register(User, name=_("person"), plural=_("people"))
class UserAdmin(ConsoleAdmin):
    """Names and passwords are people's own affair. Who is staff is decided here, by who may do everything."""

    group, symbol, order = "customers", "person", 20
    list_display = ("email", "name", "is_active", "is_staff", "last_login", "created_at")
    list_filter = ("is_active", "is_staff", "is_superuser")
    search_fields = ("email", "name")
    ordering = ("-created_at",)
    fields = (
        "email", "name", "locale", "is_active", "is_staff", "is_superuser", "groups", "user_permissions", "last_login",
        "created_at",
    )  # fmt: skip
    autocomplete_fields = ("groups",)
    filter_horizontal = ("user_permissions",)
    inlines = (MembershipInline, SignInInline)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        own = ("email", "name", "locale", "is_active", "last_login", "created_at")
        rights = ("is_staff", "is_superuser", "groups", "user_permissions")
        return own if request.user.is_superuser and obj != request.user else (*own, *rights)


@register(Group, name=_("group of staff"), plural=_("groups of staff"))
class GroupAdmin(ConsoleAdmin):
    group, symbol, order = "access", "groups", 10
    list_display = ("name",)
    search_fields = ("name",)
    filter_horizontal = ("permissions",)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody widens their own rights by way of their group."""
        return bool(request.user.is_superuser)


@register(Membership, name=_("membership"), plural=_("memberships"))
class MembershipAdmin(ReadOnlyAdmin):
    group, symbol, order = "customers", "badge", 30
    list_display = ("user", "organization", "role", "is_active", "created_at")
    list_select_related = ("user", "organization")
    list_filter = ("role", "is_active")
    search_fields = ("user__email", "user__name", "organization__name", "organization__slug")


def _end_sign_ins(user: User, *, actor: User, reason: str) -> Any:
    """Everywhere: the platform's pages, the firms' pages, the API."""
    platform_sessions.end(list(PlatformSession.objects.filter(user=user)))
    sessions.end_all(user.pk)
    return _("signed out everywhere")


def _deactivate(user: User, *, actor: User, reason: str) -> Any:
    if user.pk == actor.pk or (user.is_superuser and not actor.is_superuser):
        raise NotYours
    User.objects.filter(pk=user.pk).update(is_active=False)
    _end_sign_ins(user, actor=actor, reason=reason)
    return _("cannot sign in any more")


def _activate(user: User, *, actor: User, reason: str) -> Any:
    User.objects.filter(pk=user.pk).update(is_active=True)
    return _("may sign in again")


for action in (
    Action(User, "end_sign_ins", _("Sign out everywhere"), _end_sign_ins, order=10),
    Action(
        User, "deactivate", _("Deactivate"), _deactivate, order=20, is_grave=True, possible=lambda user: user.is_active
    ),
    Action(User, "activate", _("Activate"), _activate, order=30, possible=lambda user: not user.is_active),
):
    actions.add(action)
