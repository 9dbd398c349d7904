"""Subscriptions in the console: how each came to where it is."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib.admin import display
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminDecimalFieldWidget, UnfoldAdminIntegerFieldWidget

from billing import clock
from billing.invoices.models import Invoice
from billing.subscriptions import console_actions, discounts, leaving, notices, services, sync
from billing.subscriptions import facts as of_subscription
from billing.subscriptions.errors import NoTrial
from billing.subscriptions.forecast import forecast
from billing.subscriptions.models import Customer, Notice, Status, Subscription, SubscriptionTransition
from billing.subscriptions.prices import off
from billing.subscriptions.queries import follower, live
from billing.subscriptions.states import Reason
from shared_apps.accounts.models import User
from shared_apps.console import actions, facts
from shared_apps.console.actions import Action
from shared_apps.console.admins.base import ReadOnlyAdmin, ReadOnlyInline
from shared_apps.console.facts import Section
from shared_apps.console.forms import ReasonForm
from shared_apps.console.site import register
from shared_apps.console.words import told
from shared_apps.core import formats
from shared_apps.organizations.models import Organization

STATUSES = dict(Status.choices)
WHY: dict[str, Any] = {
    Reason.UNPAID: _("was not paid"),
    Reason.TRIAL_ENDED: _("the trial has ended"),
    Reason.REFUNDED: _("was given back"),
    Reason.DISPUTED: _("disputed with the bank"),
    Reason.PAUSED: _("paused at the gateway"),
}
STEPS: dict[str, Any] = {
    **STATUSES,
    notices.TRIAL_ENDING: _("the trial ends soon"),
    notices.SWITCH: _("moves to another payment service"),
    notices.GIVEN_BACK: _("paid twice, one given back"),
    "recovered": _("the payment arrived"),
    "limit_80": _("80% of a limit"),
    "limit_100": _("a limit reached"),
}


class TransitionInline(ReadOnlyInline):
    model = SubscriptionTransition
    fields = ("at", told("from_status", STATUSES), told("to_status", STATUSES), "cause", "by")
    readonly_fields = fields
    ordering = ("-at", "-id")
    verbose_name_plural = _("history")


class NoticeInline(ReadOnlyInline):
    model = Notice
    fields = ("sent_at", told("step", STEPS), "about")
    readonly_fields = fields
    ordering = ("-sent_at",)
    verbose_name_plural = _("notices")


@register(Subscription, name=_("subscription"), plural=_("subscriptions"))
class SubscriptionAdmin(ReadOnlyAdmin):
    group, symbol, order = "billing", "autorenew", 50
    list_display = ("organization", "plan_name", "status", "gateway", "period_ends_at", "created_at")
    list_select_related = ("organization", "price__plan")
    list_filter = ("status", "gateway", "price__plan")
    search_fields = ("organization__name", "organization__slug", "external_id")
    ordering = ("-created_at",)
    fields = (
        "organization", "price", "seats", "coupon", "gateway", "external_id", "status", told("suspended_reason", WHY),
        "created_at", "trial_ends_at", "period_starts_at", "period_ends_at", "access_until", "next_price", "next_seats",
        "next_price_at", "next_price_asked_at", "next_price_due", "replaces", "cancel_at", "why_it_ends", "ended_at",
        "dunning_started_at", "gateway_state", "gateway_status", "has_method", "synced_at", "due_at",
    )  # fmt: skip
    inlines = (TransitionInline, NoticeInline)

    @display(description=_("plan"))
    def plan_name(self, subscription: Subscription) -> str:
        return f"{subscription.price.plan.name} · {subscription.price.get_interval_display()}"

    @display(description=_("why it ends"))
    def why_it_ends(self, subscription: Subscription) -> str:
        return leaving.in_words(subscription.cancel_reason)


@register(Customer, name=_("customer of a gateway"), plural=_("customers of gateways"))
class CustomerAdmin(ReadOnlyAdmin):
    group, symbol, order = "billing", "contacts", 55
    list_display = ("organization", "gateway", "external_id", "created_at")
    list_select_related = ("organization",)
    list_filter = ("gateway",)
    search_fields = ("organization__name", "organization__slug", "external_id")


class DaysForm(ReasonForm):
    days = forms.IntegerField(
        label=_("Days"), min_value=1, max_value=365, initial=7, widget=UnfoldAdminIntegerFieldWidget
    )


class RefundForm(ReasonForm):
    """`seen` goes with the form, so that a second click is the same refund."""

    amount = forms.DecimalField(
        label=_("Sum to give back"), min_value=Decimal("0.01"), max_digits=10, decimal_places=2, required=False,
        help_text=_("Empty: all that is left."), widget=UnfoldAdminDecimalFieldWidget,
    )  # fmt: skip
    seen = forms.DecimalField(widget=forms.HiddenInput)

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.fields["seen"].initial = self.subject.refunded


def _ahead(subscription: Subscription) -> dict[str, Any] | None:
    """The next 60 days, if nobody does anything."""
    if subscription.status == Status.CANCELED:
        return None
    steps = forecast(of_subscription.of(subscription), clock.now())
    told_of = [(step.at, step.is_charge, step.status.label, WHY.get(step.reason, step.reason)) for step in steps]
    return {"steps": told_of, "amount": _next_charge(subscription), "follower": follower(subscription)}


def _next_charge(subscription: Subscription) -> str:
    """With the price that is agreed on from then on, the seats and the coupon."""
    price, seats = discounts.charged_next(subscription)
    whole = price.amount * (seats if price.per_member else 1)
    return formats.money(whole - off(price, discounts.left(subscription), whole), price.currency)


def _extend(subscription: Subscription, *, actor: User, reason: str, days: int) -> Any:
    extended = services.extend_trial(subscription, days=days, reason=reason, by=actor)
    return _("the trial ends on %(day)s") % {"day": formats.date(extended.trial_ends_at)}


def _extend_of(organization: Organization, *, actor: User, reason: str, days: int) -> Any:
    subscription = live(organization.pk)
    if subscription is None:
        raise NoTrial
    return _extend(subscription, actor=actor, reason=reason, days=days)


def _fetch(subscription: Subscription, *, actor: User, reason: str) -> Any:
    found = sync.sync(subscription.pk, cause=reason, by=actor)
    return _("fetched: %(status)s") % {"status": Status(found.status).label}


def _refund(invoice: Invoice, *, actor: User, reason: str, amount: Decimal | None, seen: Decimal) -> Any:
    done = services.refund(invoice, amount=amount, seen=seen, by=actor)
    return _("given back so far: %(amount)s") % {"amount": formats.money(done.refunded, done.currency)}


def _is_trial(subscription: Subscription) -> bool:
    return subscription.status in {Status.TRIALING, Status.SUSPENDED} and not subscription.external_id


def _has_trial(organization: Organization) -> bool:
    subscription = live(organization.pk)
    return subscription is not None and _is_trial(subscription)


facts.add_section(Section(Subscription, "ahead", "subscriptions/console/_ahead.html", _ahead, order=10))
for action in (
    *console_actions.ACTIONS,
    Action(Subscription, "extend_trial", _("Extend the trial"), _extend, form=DaysForm, possible=_is_trial, order=10),
    Action(
        Organization, "extend_trial", _("Extend the trial"), _extend_of, form=DaysForm, possible=_has_trial, order=60
    ),
    Action(
        Invoice,
        "refund",
        _("Refund"),
        _refund,
        _("Money goes back the way it came. Refunding the whole of a running period suspends the subscription."),
        form=RefundForm,
        possible=lambda invoice: invoice.paid > invoice.refunded and invoice.subscription_id is not None,
        is_grave=True,
        atomic=False,
        order=10,
    ),
    Action(
        Subscription,
        "fetch",
        _("Fetch from the gateway"),
        _fetch,
        _("What the gateway says is read anew, and what follows from it is done."),
        possible=lambda subscription: bool(subscription.external_id),
        atomic=False,
        order=20,
    ),
):
    actions.add(action)
