"""The bank's side: statements brought in, and which payment each of their lines is."""

from __future__ import annotations

from decimal import Decimal
from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef
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


class StatementLineQuerySet(models.QuerySet["StatementLine"]):
    def with_explained(self) -> Self:
        """Adds `is_explained`: some payment that still counts is this line. A payment reversed later opens it again."""
        standing = Match.objects.filter(line=OuterRef("pk"), payment__reversal=None)
        return self.annotate(is_explained=Exists(standing))

    def open(self) -> Self:
        return self.with_explained().filter(is_ignored=False, is_explained=False)

    def explained(self) -> Self:
        return self.with_explained().filter(is_ignored=False, is_explained=True)

    def ignored(self) -> Self:
        return self.filter(is_ignored=True)


class StatementLine(UUIDModel):
    """One movement. `amount` is negative when money went out; `bank_id` the bank's (FITID), or made of the content.

    It is explained by payments (`Match`), or put aside (`is_ignored`): a transfer between own accounts, a fee booked
    elsewhere.
    """

    statement = models.ForeignKey(Statement, on_delete=models.CASCADE, related_name="lines")
    account = models.CharField(max_length=60, blank=True)
    bank_id = models.CharField(max_length=120)
    on = models.DateField(_("date"))
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2)
    memo = models.CharField(_("description"), max_length=300, blank=True)
    is_ignored = models.BooleanField(default=False)
    decided_by = models.ForeignKey("team.Member", null=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = StatementLineQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "bank_id"], name="banking_line_once")]
        indexes = [models.Index(fields=["on", "id"], name="banking_line_day")]

    def __str__(self) -> str:
        return self.memo

    @property
    def size(self) -> Decimal:
        """The amount without its direction."""
        return abs(self.amount)

    @property
    def came_in(self) -> bool:
        return self.amount > 0


class Match(UUIDModel):
    """A payment is (a part of) this movement. `is_made`: explaining the line recorded it, so taking that back
    reverses it; else the payment was there before, and stays."""

    line = models.ForeignKey(StatementLine, on_delete=models.CASCADE, related_name="matches")
    payment = models.OneToOneField("finance.Payment", on_delete=models.RESTRICT, related_name="bank_match")
    is_made = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.line}"
