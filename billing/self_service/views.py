"""The plan and what is paid for it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from billing import entitlements
from billing.self_service import history, queries, services
from billing.self_service.forms import CancellationForm
from billing.subscriptions import queries as subscriptions
from billing.subscriptions import services as subscribing
from billing.subscriptions.models import Status, Subscription
from billing.subscriptions.services.cancelling import IN_ARREARS
from shared_apps.core import qr
from shared_apps.organizations import current
from shared_apps.organizations.models import Organization
from shared_apps.organizations.permissions import Permission, person_of, requires
from shared_apps.tenancy import context
from shared_apps.web.access import methods
from shared_apps.web.toasts import toast

MANAGE = Permission.BILLING_MANAGE
TONES = {
    Status.TRIALING: "info", Status.ACTIVE: "success", Status.PAST_DUE: "warning", Status.GRACE: "danger",
    Status.SUSPENDED: "danger", Status.CANCELED: "neutral",
}  # fmt: skip
INVOICE_TONES = {
    "paid": "success", "open": "warning", "checked": "info", "failed": "danger", "overdue": "danger",
    "disputed": "danger",
}  # fmt: skip


@methods("GET")
@requires(MANAGE)
@never_cache
def overview(request: HttpRequest) -> HttpResponse:
    organization = current.row()
    subscription = known(organization)
    invoices = queries.invoices_of(organization.pk)
    values: dict[str, Any] = {
        "subscription": subscription,
        "tone": TONES.get(Status(subscription.status)) if subscription else "",
        "in_arrears": subscription is not None and subscription.status in IN_ARREARS,
        "uses": entitlements.usage(organization),
        "to_pay": queries.to_pay(invoices),
        "invoices": [(one, INVOICE_TONES.get(one.state, "neutral")) for one in invoices],
        "history": history.of(subscription),
        "method": queries.method_of(subscription),
        "move": queries.move_of(subscription),
        "cost": queries.cost_of(subscription) if subscription else None,
    }
    return render(request, "billing/overview.html", values)


@methods("GET")
@requires(MANAGE)
@never_cache
def invoice(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = queries.invoice_of(current.row().pk, pk)
    details = queries.ways_to_pay(found)
    values = {
        "invoice": found,
        "tone": INVOICE_TONES.get(found.state, "neutral"),
        "details": details,
        "qr": qr.svg(details.pix),
        "to_pay": found.state in queries.TO_PAY,
    }
    return render(request, "billing/invoice.html", values)


@methods("GET")
@requires(MANAGE)
@never_cache
def invoice_state(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What the page of a charge that waits for money asks for. Webhooks tell us; no gateway is asked here."""
    answer = HttpResponse(status=204)
    if queries.invoice_of(current.row().pk, pk).state not in queries.TO_PAY:
        answer["HX-Refresh"] = "true"
    return answer


@methods("POST")
@requires(MANAGE)
def change_undoing(request: HttpRequest) -> HttpResponse:
    subscribing.undo_change(services.running(current.row()), by=person_of(request))
    toast(request, _("You keep the plan you have."))
    return redirect("billing:overview")


@methods("GET", "POST")
@requires(MANAGE)
@never_cache
def cancellation(request: HttpRequest) -> HttpResponse:
    organization = current.row()
    form = CancellationForm(request.POST if request.method == "POST" else None)
    subscription = services.running(organization)
    if request.method == "POST" and form.is_valid():
        said = " ".join(filter(None, [form.cleaned_data["reason"], form.cleaned_data["words"]]))
        ended = subscribing.cancel(subscription, by=person_of(request), reason=said)
        is_over = ended.status == Status.CANCELED
        toast(request, _("Your plan has ended.") if is_over else _("Your plan will not be renewed."))
        return redirect("billing:overview")
    values = {"form": form, "subscription": subscription, "at_once": subscription.status in IN_ARREARS}
    return render(request, "billing/cancellation.html", values, status=422 if form.is_bound else 200)


@methods("POST")
@requires(MANAGE)
def resumption(request: HttpRequest) -> HttpResponse:
    subscribing.resume(services.running(current.row()), by=person_of(request))
    toast(request, _("Your plan goes on as before."))
    return redirect("billing:overview")


@methods("POST")
@requires(MANAGE)
def method(request: HttpRequest) -> HttpResponse:
    back = request.build_absolute_uri(reverse("billing:method_done"))
    return redirect(services.method_page(current.row(), return_url=back))


@methods("GET")
@requires(MANAGE)
@never_cache
def method_done(request: HttpRequest) -> HttpResponse:
    """Coming back from the page where the way to pay is changed, which proves nothing: we ask."""
    services.method_changed(current.row())
    return redirect("billing:overview")


def known(organization: Organization) -> Subscription | None:
    with context.public():
        return subscriptions.current(organization.pk)
