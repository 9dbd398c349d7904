"""The bank's side: statements brought in, and which payment each of their lines is."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from shared_apps.core.models import UUIDModel


class Statement(UUIDModel):
    """A file of the bank's, OFX or CSV, that was read."""

    file_name = models.CharField(max_length=200)
    account = models.CharField(_("account"), max_length=60, blank=True)  # as the bank names it
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    by = models.ForeignKey("team.Member", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.file_name


class StatementLine(UUIDModel):
    """One movement. `amount` is negative when money went out; `bank_id` the bank's (FITID), or made of the content.

    It is explained by a payment, or put aside (`is_ignored`): a transfer between own accounts, a fee booked elsewhere.
    """

    statement = models.ForeignKey(Statement, on_delete=models.CASCADE, related_name="lines")
    account = models.CharField(max_length=60, blank=True)
    bank_id = models.CharField(max_length=120)
    on = models.DateField(_("date"))
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2)
    memo = models.CharField(_("description"), max_length=300, blank=True)
    payment = models.OneToOneField(
        "finance.Payment", null=True, blank=True, on_delete=models.SET_NULL, related_name="statement_line"
    )
    is_ignored = models.BooleanField(default=False)
    decided_by = models.ForeignKey("team.Member", null=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "bank_id"], name="banking_line_once")]
        indexes = [models.Index(fields=["on", "id"], name="banking_line_day")]

    def __str__(self) -> str:
        return self.memo
