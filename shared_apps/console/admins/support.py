"""Support access from the staff's side: ask, see how it stands, go there, end it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.admin import display
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldBooleanSwitchWidget

from shared_apps.accounts.models import User
from shared_apps.console import actions, facts
from shared_apps.console.actions import Action
from shared_apps.console.admins.base import ReadOnlyAdmin, ReadOnlyInline
from shared_apps.console.facts import Section
from shared_apps.console.forms import ReasonForm
from shared_apps.console.site import register
from shared_apps.organizations import domains, support
from shared_apps.organizations.models import Organization, SupportGrant, SupportView

STATES = {
    "open": _("waiting for the owner"),
    "standing": _("open now"),
    "refused": _("refused"),
    "lapsed": _("lapsed"),
    "over": _("over"),
}


class SupportForm(ReasonForm):
    hours = forms.IntegerField(
        label=_("For how many hours"),
        min_value=1,
        max_value=support.MOST_HOURS,
        initial=support.DEFAULT_HOURS,
        widget=UnfoldAdminIntegerFieldWidget,
    )
    emergency = forms.BooleanField(
        label=_("Emergency"),
        required=False,
        help_text=_("At once, without waiting for the owner. Only where the organization allows it."),
        widget=UnfoldBooleanSwitchWidget,
    )


class ViewInline(ReadOnlyInline):
    model = SupportView
    fields = ("at", "method", "path", "was_refused")
    readonly_fields = fields
    verbose_name_plural = _("views")


@register(SupportGrant, name=_("support access"), plural=_("support access"))
class SupportGrantAdmin(ReadOnlyAdmin):
    group, symbol, order = "customers", "support_agent", 40
    list_display = ("asked_at", "organization", "staff_email", "reason", "state", "expires_at")
    list_select_related = ("organization",)
    list_filter = ("is_emergency",)
    search_fields = ("organization__name", "organization__slug", "staff_email", "reason")
    inlines = (ViewInline,)

    @display(description=_("state"))
    def state(self, one: SupportGrant) -> Any:
        return STATES[support.state_of(one, timezone.now())]


def _way_in(granted: SupportGrant) -> dict[str, Any] | None:
    state = support.state_of(granted, timezone.now())
    address = f"{domains.address_of(granted.organization)}/sign-in/" if state == "standing" else ""
    return {"state": STATES[state], "address": address, "grant": granted}


def _ask(
    organization: Organization, *, actor: User, reason: str, hours: int = support.DEFAULT_HOURS, emergency: bool = False
) -> Any:
    support.ask(organization, actor=actor, reason=reason, hours=hours, emergency=emergency)
    return _("support access is open") if emergency else _("the owners are asked by e-mail")


def _end(granted: SupportGrant, *, actor: User, reason: str) -> Any:
    support.end(granted, actor=actor)
    return _("support access has ended")


def _is_standing(granted: SupportGrant) -> bool:
    return support.state_of(granted, timezone.now()) in {"open", "standing"}


facts.add_section(Section(SupportGrant, "way_in", "console/_support.html", _way_in))
for action in (
    Action(
        Organization,
        "ask_support",
        _("Ask for support access"),
        _ask,
        _("An owner lets you see its pages for some hours. You change nothing, and they see every page you open."),
        form=SupportForm,
        possible=lambda organization: organization.status == Organization.Status.ACTIVE,
        order=5,
    ),
    Action(SupportGrant, "end", _("End it now"), _end, possible=_is_standing),
):
    actions.add(action)
