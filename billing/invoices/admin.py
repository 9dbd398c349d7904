"""Invoices and payments in the console, as the gateways have them."""

from __future__ import annotations

from decimal import Decimal

from django.contrib.admin import display
from django.utils.translation import gettext_lazy as _

from billing.invoices.models import Invoice, Payment
from shared_apps.console.admins.base import ReadOnlyAdmin, ReadOnlyInline
from shared_apps.console.site import register


class PaymentInline(ReadOnlyInline):
    model = Payment
    fields = ("paid_at", "amount", "gateway", "external_id", "is_credit")
    readonly_fields = fields
    ordering = ("-paid_at",)
    verbose_name_plural = _("payments")


@register(Invoice, name=_("invoice"), plural=_("invoices"))
class InvoiceAdmin(ReadOnlyAdmin):
    group, symbol, order = "billing", "receipt_long", 60
    list_display = (
        "issued_at", "organization", "number", "state", "amount", "paid", "given_back", "currency", "method", "due_at",
    )  # fmt: skip
    list_select_related = ("organization",)
    list_filter = ("state", "gateway", "method", "currency")
    search_fields = ("organization__name", "organization__slug", "number", "external_id")
    ordering = ("-issued_at",)
    date_hierarchy = "issued_at"
    inlines = (PaymentInline,)

    @display(description=_("given back"), ordering="refunded")
    def given_back(self, invoice: Invoice) -> Decimal:
        return invoice.refunded
