"""A subscription is our row; the gateway's object is only one of the facts its status follows from (states.py)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from billing.plans.models import Coupon, Price
from shared_apps.core.models import UUIDModel
from shared_apps.organizations.models import Organization


class Status(models.TextChoices):
    INCOMPLETE = "incomplete", _("not finished")
    TRIALING = "trialing", _("trial")
    ACTIVE = "active", _("active")
    PAST_DUE = "past_due", _("payment due")
    GRACE = "grace", _("last days to pay")
    SUSPENDED = "suspended", _("suspended")
    CANCELED = "canceled", _("ended")


class Customer(UUIDModel):
    """An organization as a gateway knows it."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="customers")
    gateway = models.CharField(max_length=20)
    external_id = models.CharField(max_length=120)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["gateway", "external_id"], name="subscriptions_customer_is_ours_once"),
            models.UniqueConstraint(fields=["organization", "gateway"], name="subscriptions_customer_once"),
        ]

    def __str__(self) -> str:
        return self.external_id


class Subscription(UUIDModel):
    """What an organization bought. `gateway` is empty while a trial runs without a way to pay.

    Moments are UTC. `access_until`: how far what was paid, or the trial, reaches. `synced_at`: when the gateway's truth
    was last fetched; a fetch that began earlier than this writes nothing. `next_price` holds from `next_price_at` on,
    and not before `next_price_due` was paid.
    """

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="subscriptions")
    price = models.ForeignKey(Price, on_delete=models.PROTECT, related_name="subscriptions")
    seats = models.PositiveIntegerField(default=1)
    coupon = models.ForeignKey(Coupon, null=True, blank=True, on_delete=models.PROTECT, related_name="subscriptions")
    gateway = models.CharField(max_length=20, blank=True)
    external_id = models.CharField(max_length=120, blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.INCOMPLETE, db_index=True)
    created_at = models.DateTimeField(default=timezone.now)
    trial_ends_at = models.DateTimeField(null=True, blank=True)
    period_starts_at = models.DateTimeField(null=True, blank=True)
    period_ends_at = models.DateTimeField(null=True, blank=True)
    access_until = models.DateTimeField(null=True, blank=True)
    next_price = models.ForeignKey(Price, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    next_seats = models.PositiveIntegerField(null=True, blank=True)
    next_price_at = models.DateTimeField(null=True, blank=True)
    next_price_asked_at = models.DateTimeField(null=True, blank=True)  # names this change at the gateway
    next_price_due = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    replaces = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="replaced_by")
    cancel_at = models.DateTimeField(null=True, blank=True)  # cancellation scheduled
    cancel_reason = models.CharField(max_length=200, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    dunning_started_at = models.DateTimeField(null=True, blank=True)
    suspended_reason = models.CharField(max_length=40, blank=True)
    gateway_state = models.CharField(max_length=12, blank=True)  # gateways.base.GatewayState
    gateway_status = models.CharField(max_length=40, blank=True)  # the gateway's own word
    has_method = models.BooleanField(default=False)  # the gateway keeps a way to pay by itself
    synced_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True, db_index=True)  # when the clock alone may change the status

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization"],
                condition=~Q(status__in=["incomplete", "canceled"]),
                name="subscriptions_live_once",
            ),
            models.UniqueConstraint(
                fields=["gateway", "external_id"], condition=~Q(external_id=""), name="subscriptions_external_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization} · {self.get_status_display()}"


class Checkout(UUIDModel):
    """A purchase sent to a gateway's page. One at a time is open for an organization; `key` makes it one there too."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="checkouts")
    subscription = models.ForeignKey(Subscription, on_delete=models.CASCADE, related_name="checkouts")
    price = models.ForeignKey(Price, on_delete=models.PROTECT, related_name="+")
    seats = models.PositiveIntegerField(default=1)
    coupon = models.ForeignKey(Coupon, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    gateway = models.CharField(max_length=20)
    external_id = models.CharField(max_length=200, blank=True)
    url = models.URLField(max_length=1000, blank=True)
    method = models.CharField(max_length=12, blank=True)
    key = models.CharField(max_length=120, unique=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)  # finished, given up or expired

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization"], condition=Q(closed_at=None), name="subscriptions_checkout_open_once"
            ),
            models.UniqueConstraint(
                fields=["gateway", "external_id"], condition=~Q(external_id=""), name="subscriptions_checkout_once"
            ),
        ]

    def __str__(self) -> str:
        return self.key


class SubscriptionTransition(UUIDModel):
    """One change of status, and what caused it: an event's id, a job, a person."""

    subscription = models.ForeignKey(Subscription, on_delete=models.CASCADE, related_name="transitions")
    from_status = models.CharField(max_length=10, blank=True)
    to_status = models.CharField(max_length=10)
    cause = models.CharField(max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.from_status} -> {self.to_status}"


class Notice(UUIDModel):
    """Something told to an organization's owners once: `step` of what began with `about` (a dunning, a trial)."""

    subscription = models.ForeignKey(Subscription, on_delete=models.CASCADE, related_name="notices")
    about = models.CharField(max_length=120)
    step = models.CharField(max_length=30)
    sent_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subscription", "about", "step"], name="subscriptions_notice_once")
        ]

    def __str__(self) -> str:
        return f"{self.step} {self.about}"


class TrialUse(UUIDModel):
    """A CPF or CNPJ, or an organization, that had its trial. Kept when the organization is gone: a keyed hash."""

    key = models.CharField(max_length=64, unique=True)
    organization_id = models.UUIDField(null=True)  # whose trial it was; no reference: this row outlives it
    used_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.key
