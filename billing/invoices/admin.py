"""Invoices and payments in the console, as the gateways have them."""

from __future__ import annotations

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
    list_display = ("issued_at", "organization", "number", "state", "amount", "paid", "currency", "method", "due_at")
    list_select_related = ("organization",)
    list_filter = ("state", "gateway", "method", "currency")
    search_fields = ("organization__name", "organization__slug", "number", "external_id")
    ordering = ("-issued_at",)
    date_hierarchy = "issued_at"
    inlines = (PaymentInline,)
