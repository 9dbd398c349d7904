"""The line above every page that says what there is to pay or to choose, to those who can."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from billing import clock, entitlements
from billing.subscriptions.models import Status
from shared_apps.organizations.permissions import Permission, allows

TOLD = (Status.PAST_DUE, Status.GRACE, Status.SUSPENDED, Status.CANCELED)
TRIAL_DAYS = 7  # from when on a trial's end is mentioned


def banner(request: HttpRequest) -> dict[str, Any]:
    if getattr(request, "member", None) is None or getattr(request, "route", None) is None:
        return {}
    return {"banner": partial(written, request)}


def written(request: HttpRequest) -> SafeString | str:
    """Empty where there is nothing to say. Owners are told of money, everybody of what does not work."""
    known = entitlements.of(request.route.organization_id)  # type: ignore[attr-defined] # SchemaMiddleware sets it
    owner = allows(request.member.role, Permission.BILLING_MANAGE)  # type: ignore[attr-defined] # banner() looked
    days = None
    if known.status == Status.TRIALING and known.trial_ends_at:
        days = max((known.trial_ends_at - clock.now()).days, 0)
    told = known.status in TOLD and (owner or known.status != Status.PAST_DUE)
    if not told and (days is None or days > TRIAL_DAYS or not owner):
        return ""
    values = {"status": known.status, "until": known.access_until, "days": days, "owner": owner}
    return render_to_string("billing/_banner.html", values)
