"""Invoices and payments in the console, as the gateways have them."""

from __future__ import annotations

from django.contrib.admin import display
from django.utils.translation import gettext_lazy as _

from billing.invoices.models import Invoice, Payment
from shared_apps.console.admins.base import ReadOnlyAdmin, ReadOnlyInline
from shared_apps.console.site import register
from shared_apps.console.words import narrowed_by_value, told
from shared_apps.core import formats

METHODS = {"card": _("card"), "pix": "PIX", "boleto": _("boleto")}


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
        "issued", "organization", "number", "state", "asked", "paid_so_far", "given_back",
        told("method", METHODS), "due",
    )  # fmt: skip
    list_select_related = ("organization",)
    list_filter = ("state", "gateway", narrowed_by_value("method", METHODS), "currency")
    search_fields = ("organization__name", "organization__slug", "number", "external_id")
    ordering = ("-issued_at",)
    date_hierarchy = "issued_at"
    fields = (
        "organization", "subscription", "gateway", "external_id", "number", "state", "gateway_status", "asked",
        "paid_so_far", "given_back", told("method", METHODS), "issued_at", "due", "failed", "paid_at", "settled_at",
        "period_starts_at", "period_ends_at", "page_url", "pdf_url", "receipt_url",
    )  # fmt: skip
    inlines = (PaymentInline,)

    @display(description=_("issued"), ordering="issued_at")
    def issued(self, invoice: Invoice) -> str:
        return formats.date(invoice.issued_at)

    @display(description=_("to be paid by"), ordering="due_at")
    def due(self, invoice: Invoice) -> str:
        return formats.date(invoice.due_at)

    @display(description=_("unpaid since"))
    def failed(self, invoice: Invoice) -> str:
        return formats.date(invoice.failed_at)

    @display(description=_("amount"), ordering="amount")
    def asked(self, invoice: Invoice) -> str:
        return formats.money(invoice.amount, invoice.currency)

    @display(description=_("paid"), ordering="paid")
    def paid_so_far(self, invoice: Invoice) -> str:
        return formats.money(invoice.paid, invoice.currency)

    @display(description=_("given back"), ordering="refunded")
    def given_back(self, invoice: Invoice) -> str:
        return formats.money(invoice.refunded, invoice.currency)
