"""What staff do to plans, prices and an organization's limits: each with a reason."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from billing import clock
from billing.gateways import registry
from billing.plans import services
from billing.plans.features import LABELS, Feature
from billing.plans.models import EntitlementOverride, Interval, Plan, Price
from shared_apps.accounts.models import User
from shared_apps.console.actions import Action
from shared_apps.console.forms import ReasonForm
from shared_apps.core import formats
from shared_apps.organizations.models import Organization

CURRENCIES = [("BRL", "BRL"), ("USD", "USD")]


class LimitForm(ReasonForm):
    """No amount: without limit. A feature that is there or not: 0 takes it away, 1 gives it."""

    feature = forms.ChoiceField(
        label=_("Feature"),
        choices=lambda: [(one.value, LABELS[one]) for one in Feature],
        widget=UnfoldAdminSelectWidget,
    )
    amount = forms.IntegerField(
        label=_("Amount"),
        min_value=0,
        max_value=2_000_000_000,
        required=False,
        help_text=_("Empty: without limit. For what is there or not: 0 takes it away, 1 gives it."),
        widget=UnfoldAdminIntegerFieldWidget,
    )
    days = forms.IntegerField(
        label=_("Days"),
        min_value=1,
        max_value=3650,
        required=False,
        help_text=_("Empty: until somebody ends it."),
        widget=UnfoldAdminIntegerFieldWidget,
    )


class PriceForm(ReasonForm):
    interval = forms.ChoiceField(label=_("Interval"), choices=Interval.choices, widget=UnfoldAdminSelectWidget)
    currency = forms.ChoiceField(label=_("Currency"), choices=CURRENCIES, widget=UnfoldAdminSelectWidget)
    amount = forms.DecimalField(
        label=_("Price"), min_value=Decimal(0), max_digits=10, decimal_places=2, widget=UnfoldAdminDecimalFieldWidget
    )
    trial_days = forms.IntegerField(
        label=_("Days of trial"), min_value=0, max_value=365, initial=14, widget=UnfoldAdminIntegerFieldWidget
    )
    per_member = forms.BooleanField(label=_("For each member"), required=False, widget=UnfoldBooleanSwitchWidget)


class LinkForm(ReasonForm):
    gateway = forms.ChoiceField(label=_("Payment service"), widget=UnfoldAdminSelectWidget)
    external_id = forms.CharField(
        label=_("Its id there"),
        max_length=120,
        help_text=_("As the payment service shows it: price_..."),
        widget=UnfoldAdminTextInputWidget,
    )

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        choice = cast(forms.ChoiceField, self.fields["gateway"])
        choice.choices = [(one, one.capitalize()) for one in registry.with_prices()]


def _override(
    organization: Organization, *, actor: User, reason: str, feature: str, amount: int | None, days: int | None
) -> Any:
    until = clock.now() + timedelta(days=days) if days else None
    services.override(organization, Feature(feature), amount=amount, reason=reason, by=actor, until=until)
    allowed = _("without limit") if amount is None else amount
    return _("%(feature)s: %(allowed)s") % {"feature": LABELS[Feature(feature)], "allowed": allowed}


def _end_override(override: EntitlementOverride, *, actor: User, reason: str) -> Any:
    services.end_override(override.organization, Feature(override.feature))
    return _("the plan counts again")


def _new_price(plan: Plan, *, actor: User, reason: str, **given: Any) -> Any:
    price = services.set_price(plan, now=clock.now(), **given)
    return _("sold for %(amount)s from now on") % {"amount": formats.money(price.amount, price.currency)}


def _retire(price: Price, *, actor: User, reason: str) -> Any:
    services.retire_price(price, now=clock.now())
    return _("not sold any more")


def _link(price: Price, *, actor: User, reason: str, gateway: str, external_id: str) -> Any:
    services.link_price(price, gateway=gateway, external_id=external_id)
    return _("sold through %(gateway)s as %(id)s") % {"gateway": gateway.capitalize(), "id": external_id}


ACTIONS = (
    Action(
        Organization,
        "override_limit",
        _("Change a limit"),
        _override,
        _("What it is allowed in place of what its plan says."),
        form=LimitForm,
        order=70,
    ),
    Action(EntitlementOverride, "end", _("End the exception"), _end_override, is_grave=True),
    Action(
        Plan,
        "new_price",
        _("New price"),
        _new_price,
        _("The price of this interval and currency is sold no more. Whoever pays it goes on paying it."),
        form=PriceForm,
    ),
    Action(
        Price,
        "retire",
        _("Stop selling"),
        _retire,
        _("Whoever pays it goes on paying it."),
        possible=lambda price: price.retired_at is None or price.retired_at > timezone.now(),
        is_grave=True,
    ),
    Action(
        Price,
        "link",
        _("Link to a payment service"),
        _link,
        _("Where a payment service has prices of its own, a price is sold there once it is known which it is."),
        form=LinkForm,
        possible=lambda price: price.retired_at is None and bool(registry.with_prices()),
    ),
)
