"""Organizations: their state, size and life. Nothing here looks into a schema; figures are of the nightly roll-up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Max
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from shared_apps.accounts.models import User
from shared_apps.console import actions, facts
from shared_apps.console.actions import Action
from shared_apps.console.admins.base import ReadOnlyAdmin, ReadOnlyInline
from shared_apps.console.facts import Fact, Section
from shared_apps.console.forms import ConfirmedForm
from shared_apps.console.models import ConsoleAction
from shared_apps.console.site import register
from shared_apps.console.words import told
from shared_apps.organizations import domains, lifecycle
from shared_apps.organizations.models import (
    Domain,
    Membership,
    Organization,
    OrganizationFigures,
    OrganizationTransition,
    RefreshSession,
)

Status = Organization.Status
STATUSES = dict(Status.choices)


class DomainInline(ReadOnlyInline):
    model = Domain
    fields = ("domain", "kind", "is_primary", "created_at")
    readonly_fields = fields
    verbose_name_plural = _("addresses")
    ordering = ("-is_primary", "domain")


class MemberInline(ReadOnlyInline):
    model = Membership
    fields = ("user", "role", "is_active", "created_at")
    readonly_fields = fields
    verbose_name_plural = _("people")
    ordering = ("created_at",)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("user")


class TransitionInline(ReadOnlyInline):
    model = OrganizationTransition
    fields = ("at", told("from_status", STATUSES), told("to_status", STATUSES), "cause", "by")
    readonly_fields = fields
    verbose_name_plural = _("history")
    ordering = ("-at", "-id")


class FiguresInline(ReadOnlyInline):
    model = OrganizationFigures
    fields = ("day", "clients", "members", "appointments", "revenue", "storage_bytes", "schema_bytes")
    readonly_fields = fields
    verbose_name_plural = _("figures by day")
    ordering = ("-day",)


@register(Organization, name=_("organization"), plural=_("organizations"))
class OrganizationAdmin(ReadOnlyAdmin):
    group, symbol, order = "customers", "apartment", 10
    list_display = ("name", "slug", "status", "created_at")
    list_filter = ("status", "is_demo")
    search_fields = ("name", "slug", "legal_name", "document", "email")
    ordering = ("-created_at",)
    date_hierarchy = "created_at"
    fields = (
        "name", "slug", "status", "legal_name", "document", "email", "phone", "locale", "timezone", "currency",
        "require_mfa", "idle_minutes", "is_demo", "delete_after", "created_at",
    )  # fmt: skip
    inlines = (MemberInline, DomainInline, TransitionInline, FiguresInline)


def localized(moment: datetime | None) -> str:
    """The day of a moment, as the reader writes days."""
    return date_format(timezone.localtime(moment), "SHORT_DATE_FORMAT") if moment else ""


def latest_figures(keys: Sequence[UUID]) -> dict[UUID, OrganizationFigures]:
    rows = OrganizationFigures.objects.filter(organization_id__in=keys).order_by("organization_id", "-day")
    return {row.organization_id: row for row in rows.distinct("organization_id")}


def _usage(keys: Sequence[UUID]) -> dict[UUID, Any]:
    told = _("%(clients)d clients · %(members)d people · %(appointments)d visits")
    return {
        key: told % {"clients": row.clients, "members": row.members, "appointments": row.appointments}
        for key, row in latest_figures(keys).items()
    }


def _size(keys: Sequence[UUID]) -> dict[UUID, str]:
    return {key: filesizeformat(row.schema_bytes + row.storage_bytes) for key, row in latest_figures(keys).items()}


def _last_activity(keys: Sequence[UUID]) -> dict[UUID, str]:
    """When somebody was last seen there, on pages or through the API."""
    seen = RefreshSession.objects.filter(organization_id__in=keys).values_list("organization_id")
    found = seen.annotate(pages=Max("seen_at"), api=Max("rotated_at"))
    return {key: localized(max(pages or api, api)) for key, pages, api in found}


def _latest_actions(organization: Organization) -> dict[str, Any] | None:
    rows = list(ConsoleAction.objects.filter(organization=organization).order_by("-at")[:10])
    return {"rows": rows} if rows else None


facts.add(Fact(Organization, "usage", _("usage"), _usage, order=20))
facts.add(Fact(Organization, "size", _("size"), _size, order=30))
facts.add(Fact(Organization, "last_activity", _("last activity"), _last_activity, order=40))
facts.add_section(Section(Organization, "actions", "console/_organization_actions.html", _latest_actions, order=90))


def _suspend(organization: Organization, *, actor: User, reason: str) -> Any:
    lifecycle.suspend(organization, cause=reason, actor=actor)
    return _("suspended")


def _reactivate(organization: Organization, *, actor: User, reason: str) -> Any:
    lifecycle.reactivate(organization, cause=reason, actor=actor)
    return _("open again at %(address)s") % {"address": domains.address_of(organization)}


def _archive(organization: Organization, *, actor: User, reason: str) -> Any:
    lifecycle.archive(organization, cause=reason, actor=actor)
    return _("archived")


def _request_deletion(organization: Organization, *, actor: User, reason: str) -> Any:
    gone = lifecycle.request_deletion(organization, cause=reason, actor=actor)
    return _("closed; deleted after %(day)s") % {"day": localized(gone.delete_after)}


def _delete_now(organization: Organization, *, actor: User, reason: str) -> Any:
    lifecycle.delete_now(organization)
    return _("deleted")


def _leads_to(status: str) -> Any:
    return lambda organization: status in lifecycle.TRANSITIONS[organization.status]


for action in (
    Action(
        Organization, "suspend", _("Suspend"), _suspend,
        _("Its pages and its API say that access is suspended, and no job runs. Its records are kept."),
        possible=_leads_to(Status.SUSPENDED), is_grave=True, order=10,
    ),
    Action(
        Organization, "reactivate", _("Reactivate"), _reactivate, _("Everything works again at once."),
        possible=lambda organization: organization.status in {Status.SUSPENDED, Status.ARCHIVED, Status.DELETING},
        order=20,
    ),
    Action(
        Organization, "archive", _("Archive"), _archive, _("It is closed for good. Its records are kept."),
        form=ConfirmedForm, possible=_leads_to(Status.ARCHIVED), is_grave=True, order=30,
    ),
    Action(
        Organization, "request_deletion", _("Delete"), _request_deletion,
        _("It is closed now and deleted with all its records after the days of grace. Till then it can return."),
        form=ConfirmedForm, possible=_leads_to(Status.DELETING), is_grave=True, order=40,
    ),
    Action(
        Organization, "delete_now", _("Delete now"), _delete_now,
        _("All its records are deleted at once. Nobody can bring them back."),
        form=ConfirmedForm, possible=lambda organization: organization.status == Status.DELETING, is_grave=True,
        order=50,
    ),
):  # fmt: skip
    actions.add(action)
