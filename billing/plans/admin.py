"""Plans, prices, coupons and exceptions in the console."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline
from unfold.widgets import (
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldBooleanSwitchWidget,
)

from billing import clock
from billing.plans import services, versions
from billing.plans.features import LABELS, Feature
from billing.plans.models import Coupon, EntitlementOverride, Interval, Plan, PlanEntitlement, Price
from shared_apps.accounts.models import User
from shared_apps.console import actions
from shared_apps.console.actions import Action
from shared_apps.console.admins.base import ConsoleAdmin, ReadOnlyAdmin, ReadOnlyInline
from shared_apps.console.forms import ReasonForm
from shared_apps.console.site import register
from shared_apps.core import formats
from shared_apps.organizations.models import Organization

CURRENCIES = [("BRL", "BRL"), ("USD", "USD")]


class EntitlementInline(TabularInline):
    model = PlanEntitlement
    fields = ("feature", "amount", "unlimited")
    extra = 0
    verbose_name_plural = _("what it allows")


class PriceInline(ReadOnlyInline):
    model = Price
    fields = ("interval", "currency", "amount", "trial_days", "per_member", "created_at", "retired_at")
    readonly_fields = fields
    verbose_name_plural = _("prices")
    ordering = ("retired_at", "currency", "interval")


@register(Plan, name=_("plan"), plural=_("plans"))
class PlanAdmin(ConsoleAdmin):
    group, symbol, order = "billing", "sell", 10
    list_display = ("name", "code", "is_offered", "position")
    list_filter = ("is_offered",)
    search_fields = ("name", "code")
    fields = (
        "name",
        "code",
        "summary",
        "position",
        "is_offered",
        "is_tried",
        "grace_after",
        "suspend_after",
        "cancel_after",
    )
    inlines = (EntitlementInline, PriceInline)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("code",) if obj is not None else ()

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        versions.plans_changed()


@register(Price, name=_("price"), plural=_("prices"))
class PriceAdmin(ReadOnlyAdmin):
    group, symbol, order = "billing", "payments", 20
    list_display = ("plan", "interval", "currency", "amount", "trial_days", "per_member", "retired_at")
    list_select_related = ("plan",)
    list_filter = ("interval", "currency", "plan")
    ordering = ("plan__position", "currency", "interval", "-created_at")


class CouponForm(forms.ModelForm):
    class Meta:
        model = Coupon
        fields = ("code", "percent", "amount", "currency", "periods", "redeem_by", "most")

    def clean(self) -> dict[str, Any]:
        """Also what is neither: the database takes two unknowns for no contradiction."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if "percent" in self.fields and (cleaned.get("percent") is None) == (cleaned.get("amount") is None):
            raise forms.ValidationError(_("Give a percentage or an amount, one of them."))
        if cleaned.get("amount") is not None and not cleaned.get("currency"):
            raise forms.ValidationError({"currency": _("An amount needs its currency.")})
        return cleaned


@register(Coupon, name=_("coupon"), plural=_("coupons"))
class CouponAdmin(ConsoleAdmin):
    """What it takes off is fixed once it is there: somebody may have been promised it."""

    form = CouponForm
    group, symbol, order = "billing", "confirmation_number", 30
    list_display = ("code", "percent", "amount", "currency", "periods", "redeem_by", "most")
    search_fields = ("code",)
    fields = ("code", "percent", "amount", "currency", "periods", "redeem_by", "most")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("code", "percent", "amount", "currency", "periods") if obj is not None else ()

    def save_model(self, request: HttpRequest, obj: Coupon, form: Any, change: bool) -> None:
        obj.code = obj.code.upper()
        super().save_model(request, obj, form, change)


@register(EntitlementOverride, name=_("exception"), plural=_("exceptions"))
class OverrideAdmin(ReadOnlyAdmin):
    group, symbol, order = "billing", "rule", 40
    list_display = ("organization", "feature", "amount", "unlimited", "until", "reason", "by")
    list_select_related = ("organization", "by")
    list_filter = ("feature",)
    search_fields = ("organization__name", "organization__slug", "reason")


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
        label=_("Amount"), min_value=Decimal(0), max_digits=10, decimal_places=2, widget=UnfoldAdminDecimalFieldWidget
    )
    trial_days = forms.IntegerField(
        label=_("Days of trial"), min_value=0, max_value=365, initial=14, widget=UnfoldAdminIntegerFieldWidget
    )
    per_member = forms.BooleanField(label=_("For each member"), required=False, widget=UnfoldBooleanSwitchWidget)


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


for action in (
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
):
    actions.add(action)
