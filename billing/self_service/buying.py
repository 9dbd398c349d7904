"""Choosing a plan: the offers, what a change costs, the way to the gateway's page and back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from billing.plans.models import Interval, Price
from billing.self_service import queries, services
from billing.self_service.forms import PurchaseForm
from billing.self_service.views import MANAGE, known
from billing.subscriptions import queries as subscriptions
from billing.subscriptions import services as subscribing
from billing.subscriptions.models import Checkout, Status, Subscription
from billing.subscriptions.services.changing import is_upgrade
from shared_apps.organizations import current
from shared_apps.organizations.models import Organization
from shared_apps.organizations.permissions import person_of, requires
from shared_apps.web.access import methods
from shared_apps.web.toasts import toast

WORKS = (Status.TRIALING, Status.ACTIVE)


@methods("GET")
@requires(MANAGE)
@never_cache
def plans(request: HttpRequest) -> HttpResponse:
    organization = current.row()
    subscription = known(organization)
    interval = Interval.YEAR if request.GET.get("interval") == "year" else Interval.MONTH
    values = {
        "offers": queries.offers(organization, interval, subscription),
        "interval": interval,
        "subscription": subscription,
    }
    return render(request, "billing/plans.html", values)


@methods("GET", "POST")
@requires(MANAGE)
@never_cache
def plan(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One price: to the gateway's page where nothing is paid yet, else what the change costs, then the change."""
    organization, price = current.row(), queries.price_for_sale(pk)
    subscription = known(organization)
    bought = queries.bought(subscription)
    ways = () if bought else queries.ways_offered(price)
    form = PurchaseForm(request.POST if request.method == "POST" else None, ways=ways)
    if request.method == "POST" and form.is_valid():
        if bought is None:
            sent = form.attempt(_begin, form, request, organization, price)
            if sent is not None and sent.url:
                return redirect(sent.url)
        elif form.attempt(_change, form, request, bought, price):
            return redirect("billing:overview")
    return _show(request, price, form, bought, known=subscription)


@methods("GET")
@requires(MANAGE)
@never_cache
def checkout(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Coming back from the gateway's page, which proves nothing: we ask."""
    found = services.look_at(current.row(), pk, request.GET.get("session_id", ""))
    return render(request, "billing/checkout.html", _state(found))


@methods("GET")
@requires(MANAGE)
@never_cache
def checkout_state(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What the page that waits asks for; once there is nothing to wait for, the whole page changes, its banner too."""
    state = _state(services.look_at(current.row(), pk, again=True))
    answer = render(request, "billing/_checkout.html", state)
    if state["works"] or state["gone"]:
        answer["HX-Refresh"] = "true"
    return answer


def _state(found: Checkout) -> dict[str, Any]:
    subscription = found.subscription
    follows = bool(subscription.external_id and subscription.replaces_id) and subscription.status == Status.INCOMPLETE
    works = follows or (bool(subscription.external_id) and subscription.status in WORKS)
    never_began = subscription.status == Status.CANCELED and subscription.access_until is None
    gone = found.closed_at is not None and (not subscription.external_id or never_began)
    values = {"checkout": found, "subscription": subscription, "works": works, "gone": gone, "price": found.price}
    return {**values, "follows": follows, "gateway": found.gateway.capitalize()}


def _begin(form: PurchaseForm, request: HttpRequest, organization: Organization, price: Price) -> Checkout:
    def back(made: Checkout) -> str:
        return request.build_absolute_uri(reverse("billing:checkout", args=[made.pk]))

    return subscribing.begin_checkout(
        organization,
        price=price,
        by=person_of(request),
        seats=queries.people_of(organization),
        coupon=form.cleaned_data["coupon"],
        method=form.cleaned_data["method"],
        return_url=back,
        cancel_url=request.build_absolute_uri(reverse("billing:plans")),
    )


def _change(form: PurchaseForm, request: HttpRequest, subscription: Subscription, price: Price) -> Subscription:
    changed = subscribing.change_plan(
        subscription,
        price=price,
        by=person_of(request),
        seats=queries.people_of(subscription.organization_id),
        previewed_at=form.cleaned_data["at"],
    )
    if changed.price_id == price.pk:
        toast(request, _("You now have the plan %(plan)s.") % {"plan": price.plan.name})
    else:
        toast(request, _("The change is noted; this page says from when on it holds."), tone="info")
    return changed


def _show(
    request: HttpRequest, price: Price, form: PurchaseForm, bought: Subscription | None, known: Subscription | None
) -> HttpResponse:
    to_buy = known if bought is None else None  # what there is beside the purchase
    trial = to_buy if to_buy is not None and to_buy.status == Status.TRIALING else None
    seats, preview = queries.people_of(current.row().pk), None
    if bought is not None and not form.is_bound:
        preview = subscribing.preview_change(bought, price=price, seats=seats)
        form = PurchaseForm(initial={"at": preview.at})
    values = {
        "price": price,
        "form": form,
        "bought": bought,
        "people": seats,
        "total": price.amount * seats,
        "preview": preview,
        "ways": bought is None and len(queries.ways_offered(price)) > 1,
        "trial_ends_at": trial.trial_ends_at if trial else None,
        "given_back": to_buy if to_buy is not None and subscriptions.is_given_back(to_buy) else None,
        "upgrade": bought is not None and is_upgrade(bought, price, seats),
        "lines": queries.lines({row.feature: row.amount for row in price.plan.entitlements.all()}),
    }
    return render(request, "billing/plan.html", values, status=422 if form.is_bound else 200)
