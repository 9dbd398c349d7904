"""What staff do to a subscription on an organization's behalf: by the services that its owners use, with a reason."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget

from billing import clock
from billing.gateways import registry
from billing.plans.models import Price
from billing.subscriptions import queries, services
from billing.subscriptions.models import Status, Subscription
from billing.subscriptions.services import seating
from billing.subscriptions.services.cancelling import IN_ARREARS
from shared_apps.accounts.models import User
from shared_apps.console.actions import Action, Preview
from shared_apps.console.forms import ReasonForm
from shared_apps.core import formats

OVER = (Status.CANCELED, Status.INCOMPLETE)


class CancelForm(ReasonForm):
    when = forms.ChoiceField(
        label=_("When"),
        choices=[("end", _("when what is paid for ends")), ("now", _("now"))],
        widget=UnfoldAdminSelectWidget,
    )


class PriceChoice(forms.ModelChoiceField):
    def label_from_instance(self, price: Price) -> str:
        return f"{price.plan.name} · {price.get_interval_display()} · {formats.money(price.amount, price.currency)}"


class PlanForm(ReasonForm):
    """`at` is the moment of the preview, so that its sum holds."""

    price = PriceChoice(label=_("Plan"), queryset=Price.objects.none(), widget=UnfoldAdminSelectWidget)
    at = forms.DateTimeField(required=False, widget=forms.HiddenInput)

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        sold = Price.objects.filter(retired_at=None, plan__is_offered=True, currency=self.subject.price.currency)
        choice = cast(PriceChoice, self.fields["price"])
        choice.queryset = sold.exclude(pk=self.subject.price_id).select_related("plan").order_by("plan__position")


class GatewayForm(ReasonForm):
    to = forms.ChoiceField(label=_("Payment service"), widget=UnfoldAdminSelectWidget)

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        others = [name for name in registry.set_up() if name != self.subject.gateway]
        cast(forms.ChoiceField, self.fields["to"]).choices = [(name, name.capitalize()) for name in others]

    def clean_to(self) -> str:
        to: str = self.cleaned_data["to"]
        price = self.subject.price
        if to in registry.with_prices() and not price.gateway_prices.filter(gateway=to).exists():
            said = _t("The price %(price)s is not linked to %(gateway)s yet. That is done on the price's own page.")
            raise forms.ValidationError(said % {"price": price, "gateway": to.capitalize()})
        return to


def _cancel(subscription: Subscription, *, actor: User, reason: str, when: str) -> str:
    ended = services.cancel(subscription, by=actor, reason=reason, now_at_once=when == "now")
    if ended.status == Status.CANCELED:
        return _t("ended")
    return _t("ends on %(day)s") % {"day": formats.date(ended.cancel_at)}


def _ends(subscription: Subscription, *, when: str) -> Preview:
    at_once = when == "now" or subscription.status in IN_ARREARS
    moves = [_("What was agreed on at another payment service is given up.")] if queries.follower(subscription) else []
    if at_once:
        words = _("It ends now. Open charges are withdrawn; what was paid is not given back by itself.")
        return Preview([words, *moves])
    until = formats.date(subscription.access_until or subscription.period_ends_at or subscription.trial_ends_at)
    return Preview([_t("It works until %(day)s and is not renewed.") % {"day": until}, *moves])


def _resume(subscription: Subscription, *, actor: User, reason: str) -> str:
    services.resume(subscription, by=actor)
    return _t("goes on")


def _change(subscription: Subscription, *, actor: User, reason: str, price: Price, at: datetime | None) -> str:
    seats = seating.people_of(subscription.organization_id)
    changed = services.change_plan(subscription, price=price, seats=seats, previewed_at=at, by=actor)
    if changed.price_id == price.pk:
        return _t("now on the plan %(plan)s") % {"plan": price.plan.name}
    if changed.next_price_due:
        return _t("%(plan)s begins once the difference is paid") % {"plan": price.plan.name}
    return _t("%(plan)s begins on %(day)s") % {"plan": price.plan.name, "day": formats.date(changed.next_price_at)}


def _costs(subscription: Subscription, *, price: Price, at: datetime | None) -> Preview:
    seats = seating.people_of(subscription.organization_id)
    found = services.preview_change(subscription, price=price, seats=seats)
    due, following = (formats.money(one, found.currency) for one in (found.due_now, found.next_amount))
    lines = [
        _t("To pay now: %(amount)s") % {"amount": due},
        _t("Next charge: %(amount)s on %(day)s") % {"amount": following, "day": formats.date(found.next_at)},
    ]
    return Preview(lines, keep={"at": found.at.isoformat()})


def _move(subscription: Subscription, *, actor: User, reason: str, to: str) -> str:
    begun = services.move_to_gateway(subscription, to=to, by=actor)
    if begun.subscription.external_id:
        return _t("agreed at %(gateway)s; it begins when what is paid for ends") % {"gateway": to.capitalize()}
    return _t("the owners were sent the page at %(gateway)s") % {"gateway": to.capitalize()}


def _moves(subscription: Subscription, *, to: str) -> Preview:
    until = formats.date(subscription.period_ends_at or clock.now())
    amount = subscription.price.amount * (subscription.seats if subscription.price.per_member else 1)
    values = {"old": subscription.gateway.capitalize(), "new": to.capitalize(), "day": until}
    values["amount"] = formats.money(amount, subscription.price.currency)
    return Preview(
        [
            _t("Paid at %(old)s until %(day)s; nothing is charged before that day.") % values,
            _t("From then on %(amount)s at %(new)s. The owners are sent its page and agree there.") % values,
            _t("Once they have, %(old)s is told not to renew. Until then everything stays as it is.") % values,
        ]
    )


def _may_end(subscription: Subscription) -> bool:
    return subscription.status not in OVER


ACTIONS = (
    Action(
        Subscription, "cancel", _("End the plan"), _cancel, form=CancelForm, preview=_ends, possible=_may_end,
        is_grave=True, atomic=False, order=30,
    ),
    Action(
        Subscription, "resume", _("Take the end back"), _resume, atomic=False, order=31,
        possible=lambda one: one.cancel_at is not None and one.status not in OVER and not queries.follower(one),
    ),
    Action(
        Subscription, "change_plan", _("Change the plan"), _change, form=PlanForm, preview=_costs, possible=_may_end,
        atomic=False, order=32,
        explains=_("More is charged and holds at once, less begins with the next period: as where owners do it."),
    ),
    Action(
        Subscription, "switch_gateway", _("Move to another payment service"), _move, form=GatewayForm, preview=_moves,
        possible=lambda one: bool(one.external_id) and one.status == Status.ACTIVE and not queries.follower(one),
        atomic=False, order=33,
    ),
)  # fmt: skip
