"""Invoices and payments are copies of what gateways hold, keyed by their ids: written twice, they are there once."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from shared_apps.core.models import UUIDModel
from shared_apps.organizations.models import Organization


class Invoice(UUIDModel):
    """What a gateway asks an organization for: a Stripe invoice, an Asaas charge (cobrança)."""

    class State(models.TextChoices):
        DRAFT = "draft", _("being prepared")
        OPEN = "open", _("open")
        CHECKED = "checked", _("being checked")  # risk analysis, authorized: neither paid nor failed
        FAILED = "failed", _("payment failed")  # still to be paid
        OVERDUE = "overdue", _("overdue")
        PAID = "paid", _("paid")
        REFUNDED = "refunded", _("refunded")
        DISPUTED = "disputed", _("disputed")
        VOID = "void", _("canceled")
        UNKNOWN = "unknown", _("unknown")

    # Books are kept when the organization and its subscription are gone.
    organization = models.ForeignKey(Organization, null=True, on_delete=models.SET_NULL, related_name="invoices")
    subscription = models.ForeignKey(
        "subscriptions.Subscription", null=True, on_delete=models.SET_NULL, related_name="invoices"
    )
    gateway = models.CharField(max_length=20)
    external_id = models.CharField(max_length=120)
    number = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    gateway_status = models.CharField(max_length=40, blank=True)
    amount = models.DecimalField(max_digits=10, decimal_places=2)  # what was asked for
    paid = models.DecimalField(max_digits=10, decimal_places=2, default=0)
    refunded = models.DecimalField(max_digits=10, decimal_places=2, default=0)
    currency = models.CharField(max_length=3)
    method = models.CharField(max_length=12, blank=True)  # card, pix, boleto
    issued_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)  # first known failure, or the end of its due day
    paid_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    period_starts_at = models.DateTimeField(null=True, blank=True)
    period_ends_at = models.DateTimeField(null=True, blank=True)
    page_url = models.URLField(max_length=500, blank=True)  # hosted page: pay it, or see it
    pdf_url = models.URLField(max_length=500, blank=True)
    receipt_url = models.URLField(max_length=500, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["gateway", "external_id"], name="invoices_external_once")]
        indexes = [models.Index(fields=["organization", "-issued_at"])]

    def __str__(self) -> str:
        return self.number or self.external_id


class Payment(UUIDModel):
    """Money that came. `is_credit`: more than was asked for; it grants no period, and somebody looks at it."""

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="payments")
    gateway = models.CharField(max_length=20)
    external_id = models.CharField(max_length=120)
    amount = models.DecimalField(max_digits=10, decimal_places=2)
    currency = models.CharField(max_length=3)
    paid_at = models.DateTimeField()
    is_credit = models.BooleanField(default=False)
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["gateway", "external_id"], name="invoices_payment_once")]

    def __str__(self) -> str:
        return self.external_id
