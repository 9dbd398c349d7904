"""Plans are edited; prices never change: a new price is a new row, and who pays the old one keeps it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from billing.plans.features import LABELS, Feature
from shared_apps.core.formats import money
from shared_apps.core.models import UUIDModel
from shared_apps.organizations.models import Organization

FEATURES = [(feature.value, feature.value) for feature in Feature]


class Interval(models.TextChoices):
    MONTH = "month", _("month")
    YEAR = "year", _("year")


class Plan(UUIDModel):
    """What is sold. The days of dunning count from the day the first payment failed."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=80)
    summary = models.CharField(_("summary"), max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    is_offered = models.BooleanField(_("offered to new customers"), default=True)
    is_tried = models.BooleanField(_("what new organizations try"), default=False)
    grace_after = models.PositiveSmallIntegerField(_("days until grace"), default=3)
    suspend_after = models.PositiveSmallIntegerField(_("days until suspension"), default=10)
    cancel_after = models.PositiveSmallIntegerField(_("days until cancellation"), default=40)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["position", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(grace_after__lte=F("suspend_after")) & Q(suspend_after__lte=F("cancel_after")),
                name="plans_dunning_goes_forward",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Allowance(UUIDModel):
    """What is allowed of one feature: `amount` of a limit, or no limit at all. A flag that is allowed has a row."""

    feature = models.CharField(_("feature"), max_length=20, choices=FEATURES)
    amount = models.PositiveIntegerField(_("amount"), null=True, blank=True)
    unlimited = models.BooleanField(_("without limit"), default=False)

    class Meta:
        abstract = True


class PlanEntitlement(Allowance):
    """What a plan allows. A feature without a row is not allowed at all."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="entitlements")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "feature"], name="plans_entitlement_once"),
            models.CheckConstraint(
                condition=Q(unlimited=True, amount=None) | Q(unlimited=False, amount__isnull=False),
                name="plans_entitlement_amount_or_unlimited",
            ),
        ]

    def __str__(self) -> str:
        return str(LABELS[Feature(self.feature)])


class EntitlementOverride(Allowance):
    """What one organization is allowed in place of what its plan says, until a day. Amount 0 takes away."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="entitlement_overrides")
    until = models.DateTimeField(_("until"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "feature"], name="plans_override_once"),
            models.CheckConstraint(
                condition=Q(unlimited=True, amount=None) | Q(unlimited=False, amount__isnull=False),
                name="plans_override_amount_or_unlimited",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization} · {LABELS[Feature(self.feature)]}"


class Price(UUIDModel):
    """What a plan costs for an interval. Immutable but for `retired_at`: a retired price is not sold any more."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="prices")
    interval = models.CharField(_("interval"), max_length=5, choices=Interval)
    currency = models.CharField(_("currency"), max_length=3)
    amount = models.DecimalField(_("amount"), max_digits=10, decimal_places=2)
    trial_days = models.PositiveSmallIntegerField(_("days of trial"), default=0)
    per_member = models.BooleanField(_("for each member"), default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gte=0), name="plans_price_not_negative"),
            models.UniqueConstraint(
                fields=["plan", "interval", "currency"], condition=Q(retired_at=None), name="plans_price_current_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan} · {money(self.amount, self.currency)} · {self.get_interval_display()}"


class GatewayPrice(UUIDModel):
    """A price as a gateway knows it. Gateways without prices of their own have none."""

    price = models.ForeignKey(Price, on_delete=models.CASCADE, related_name="gateway_prices")
    gateway = models.CharField(max_length=20)
    external_id = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["gateway", "external_id"], name="plans_gateway_price_is_ours_once"),
            models.UniqueConstraint(fields=["price", "gateway"], name="plans_gateway_price_once"),
        ]

    def __str__(self) -> str:
        return self.external_id


class Coupon(UUIDModel):
    """Something off for some periods: a percentage or an amount, never both."""

    code = models.CharField(_("code"), max_length=40, unique=True)  # upper case
    percent = models.DecimalField(_("percent"), max_digits=5, decimal_places=2, null=True, blank=True)
    amount = models.DecimalField(_("amount"), max_digits=10, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    periods = models.PositiveSmallIntegerField(_("periods"), null=True, blank=True)  # null: as long as it runs
    redeem_by = models.DateTimeField(_("redeem by"), null=True, blank=True)
    most = models.PositiveIntegerField(_("how often"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(percent__gt=0, percent__lte=100, amount=None) | Q(percent=None, amount__gt=0),
                name="plans_coupon_percent_or_amount",
            ),
        ]

    def __str__(self) -> str:
        return self.code
