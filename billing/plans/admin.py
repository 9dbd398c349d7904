"""Plans, prices, coupons and exceptions in the console."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline

from billing.plans import console_actions, versions
from billing.plans.features import LABELS
from billing.plans.models import Coupon, EntitlementOverride, GatewayPrice, Plan, PlanEntitlement, Price
from shared_apps.console import actions
from shared_apps.console.admins.base import ConsoleAdmin, ReadOnlyAdmin, ReadOnlyInline
from shared_apps.console.site import register
from shared_apps.console.words import narrowed, told

FEATURES = {feature.value: label for feature, label in LABELS.items()}


class EntitlementInline(TabularInline):
    model = PlanEntitlement
    fields = ("feature", "amount", "unlimited")
    extra = 0
    verbose_name = _("feature")
    verbose_name_plural = _("what it allows")

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "feature":
            kwargs["choices"] = [("", "–"), *FEATURES.items()]
        return super().formfield_for_choice_field(db_field, request, **kwargs)


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


class GatewayPriceInline(ReadOnlyInline):
    model = GatewayPrice
    fields = ("gateway", "external_id")
    readonly_fields = fields
    verbose_name_plural = _("at payment services")


@register(Price, name=_("price"), plural=_("prices"))
class PriceAdmin(ReadOnlyAdmin):
    group, symbol, order = "billing", "payments", 20
    list_display = ("plan", "interval", "currency", "amount", "trial_days", "per_member", "retired_at")
    list_select_related = ("plan",)
    list_filter = ("interval", "currency", "plan")
    ordering = ("plan__position", "currency", "interval", "-created_at")
    inlines = (GatewayPriceInline,)


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
    list_display = ("organization", told("feature", FEATURES), "amount", "unlimited", "until", "reason", "by")
    list_select_related = ("organization", "by")
    list_filter = (narrowed("feature", FEATURES),)
    search_fields = ("organization__name", "organization__slug", "reason")


for action in console_actions.ACTIONS:
    actions.add(action)
