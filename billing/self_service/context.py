"""The line above every page that says what there is to pay or to choose, to those who can; and what is shut."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from billing import clock, entitlements
from billing.self_service.access import CLOSED
from billing.subscriptions.models import Status
from shared_apps.organizations.permissions import Permission, allows
from shared_apps.tenancy.requests import route_of

TOLD = (Status.PAST_DUE, Status.GRACE, Status.SUSPENDED, Status.CANCELED)
TRIAL_DAYS = 7  # from when on a trial's end is mentioned
SAYS_IT_ITSELF = "billing:overview"  # there it would be said twice


def banner(request: HttpRequest) -> dict[str, Any]:
    member = getattr(request, "member", None)
    if member is None:
        return {}
    organization_id = route_of(request).organization_id
    told: dict[str, Any] = {"is_closed": partial(is_closed, organization_id)}
    if request.resolver_match is None or request.resolver_match.view_name != SAYS_IT_ITSELF:
        told["banner"] = partial(written, organization_id, member.role)
    return told


def is_closed(organization_id: UUID) -> bool:
    """Whether parts of a page that come by themselves would be refused."""
    return entitlements.of(organization_id).status in CLOSED


def written(organization_id: UUID, role: str) -> SafeString | str:
    """Empty where there is nothing to say. Owners are told of money, everybody of what does not work."""
    known = entitlements.of(organization_id)
    owner = allows(role, Permission.BILLING_MANAGE)
    days = None
    if known.status == Status.TRIALING and known.trial_ends_at:
        days = max((known.trial_ends_at - clock.now()).days, 0)
    told = known.status in TOLD and (owner or known.status != Status.PAST_DUE)
    if not told and (days is None or days > TRIAL_DAYS or not owner):
        return ""
    values = {"status": known.status, "until": known.access_until, "days": days, "owner": owner}
    return render_to_string("billing/_banner.html", values)
