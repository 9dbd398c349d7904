"""What clients owe the organization, what it owes, and what was paid. All money in the organization's currency."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from shared_apps.core.models import UUIDModel, Versioned


class Kind(models.TextChoices):
    RECEIVABLE = "receivable", _("receivable")
    PAYABLE = "payable", _("payable")


class Method(models.TextChoices):
    PIX = "pix", "PIX"
    CASH = "cash", _("cash")
    CARD = "card", _("card")
    TRANSFER = "transfer", _("bank transfer")
    BOLETO = "boleto", "boleto"


class Category(UUIDModel):
    """What an entry is for: a line of the income statement."""

    name = models.CharField(_("name"), max_length=80)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["kind", "name"]
        constraints = [models.UniqueConstraint(fields=["kind", "name"], name="finance_category_once")]

    def __str__(self) -> str:
        return self.name


class EntryQuerySet(models.QuerySet["Entry"]):
    def standing(self) -> Self:
        return self.filter(cancellation=None)

    def receivable(self) -> Self:
        return self.filter(kind=Kind.RECEIVABLE)

    def payable(self) -> Self:
        return self.filter(kind=Kind.PAYABLE)

    def open(self) -> Self:
        """Standing and not wholly paid."""
        return self.standing().filter(paid__lt=F("amount"))

    def overdue(self, today: date) -> Self:
        return self.open().filter(due_on__lt=today)


class Entry(Versioned):
    """An amount due from or to somebody. `amount` is what it is for; `paid` the sum its standing payments settle of it,
    kept by `services` under the row's lock. Whether it is overdue is never stored.

    A discount holds for payment until `discount_until`; after `due_on` a late fee (percent, once) and interest (percent
    a month, by the day) are added (see `charges.py`).
    """

    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.RECEIVABLE)
    client = models.ForeignKey(
        "clients.Client", null=True, blank=True, on_delete=models.RESTRICT, related_name="entries"
    )
    party = models.CharField(_("supplier or payer"), max_length=160, blank=True)  # where there is no client
    category = models.ForeignKey(Category, null=True, blank=True, on_delete=models.RESTRICT, related_name="entries")
    description = models.CharField(_("description"), max_length=200)
    notes = models.TextField(_("notes"), blank=True)
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2)
    paid = models.DecimalField(_("paid"), max_digits=12, decimal_places=2, default=Decimal(0), editable=False)
    settled_on = models.DateField(null=True, blank=True, editable=False)  # the day of the payment that settled it
    issued_on = models.DateField(_("issued on"))  # the month it counts for in the income statement
    due_on = models.DateField(_("due on"))
    discount = models.DecimalField(_("discount"), max_digits=12, decimal_places=2, default=Decimal(0))
    discount_until = models.DateField(_("discount until"), null=True, blank=True)
    late_fee = models.DecimalField(_("late fee (%)"), max_digits=5, decimal_places=2, default=Decimal(0))
    interest = models.DecimalField(_("interest (% a month)"), max_digits=5, decimal_places=2, default=Decimal(0))
    appointment = models.OneToOneField(
        "scheduling.Appointment", null=True, blank=True, on_delete=models.SET_NULL, related_name="entry"
    )  # a visit is charged once
    contract = models.ForeignKey(
        "scheduling.Contract", null=True, blank=True, on_delete=models.SET_NULL, related_name="entries"
    )
    period = models.DateField(null=True, blank=True)  # the first day of the month a contract or recurrence charges
    recurrence = models.ForeignKey(
        "Recurrence", null=True, blank=True, on_delete=models.SET_NULL, related_name="entries"
    )
    instalment_group = models.UUIDField(null=True, blank=True)
    instalment = models.PositiveSmallIntegerField(null=True, blank=True)  # 1 ... instalments
    instalments = models.PositiveSmallIntegerField(null=True, blank=True)
    cancellation = models.OneToOneField(
        "EntryCancellation", null=True, blank=True, on_delete=models.RESTRICT, related_name="+"
    )

    objects = EntryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="finance_entry_positive"),
            models.CheckConstraint(condition=Q(paid__gte=0) & Q(paid__lte=F("amount")), name="finance_entry_paid"),
            models.CheckConstraint(
                condition=Q(discount__gte=0) & Q(discount__lt=F("amount")), name="finance_entry_discount"
            ),
            models.CheckConstraint(condition=Q(late_fee__gte=0) & Q(interest__gte=0), name="finance_entry_late"),
            models.UniqueConstraint(fields=["contract", "period"], name="finance_contract_period_once"),
            models.UniqueConstraint(fields=["recurrence", "period"], name="finance_recurrence_period_once"),
            models.UniqueConstraint(fields=["instalment_group", "instalment"], name="finance_instalment_once"),
        ]
        indexes = [
            models.Index(fields=["due_on", "id"], name="finance_entry_due"),
            models.Index(fields=["client", "-due_on"], name="finance_entry_client"),
            models.Index(
                fields=["due_on"], condition=Q(paid__lt=F("amount")), name="finance_entry_open"
            ),  # with cancelled ones, which are few
            models.Index(fields=["issued_on"], name="finance_entry_issued"),
        ]

    def __str__(self) -> str:
        return self.description

    @property
    def open_amount(self) -> Decimal:
        return self.amount - self.paid


class EntryCancellation(UUIDModel):
    """An entry is not due any more: by whom, when and why."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="cancellations")
    by = models.ForeignKey("team.Member", null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    undone_by = models.ForeignKey("team.Member", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.reason


class PaymentQuerySet(models.QuerySet["Payment"]):
    def standing(self) -> Self:
        return self.filter(reversal=None)


class Payment(UUIDModel):
    """Money that moved for an entry. Of `amount`, `extra` was late fee and interest; `discount` was let go.

    It settles `amount - extra + discount` of the entry. Append-only: a mistake is reversed.
    """

    entry = models.ForeignKey(Entry, on_delete=models.RESTRICT, related_name="payments")
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2)
    extra = models.DecimalField(_("late fee and interest"), max_digits=12, decimal_places=2, default=Decimal(0))
    discount = models.DecimalField(_("discount"), max_digits=12, decimal_places=2, default=Decimal(0))
    method = models.CharField(_("method"), max_length=8, choices=Method, default=Method.PIX)
    paid_on = models.DateField(_("paid on"))
    reference = models.CharField(_("reference"), max_length=140, blank=True)  # the bank's or the gateway's
    by = models.ForeignKey("team.Member", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    reversal = models.OneToOneField("Reversal", null=True, blank=True, on_delete=models.RESTRICT, related_name="+")

    objects = PaymentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0) & Q(extra__gte=0) & Q(discount__gte=0) & Q(extra__lt=F("amount")),
                name="finance_payment_amounts",
            ),
        ]
        indexes = [models.Index(fields=["paid_on", "id"], name="finance_payment_day")]

    def __str__(self) -> str:
        return f"{self.amount}"

    @property
    def settles(self) -> Decimal:
        return self.amount - self.extra + self.discount


class Reversal(UUIDModel):
    """A payment does not count: by whom, when and why."""

    payment = models.ForeignKey(Payment, on_delete=models.CASCADE, related_name="reversals")
    by = models.ForeignKey("team.Member", null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    def __str__(self) -> str:
        return self.reason


class Recurrence(Versioned):
    """An entry that comes back every month, such as rent. A job makes each month's entry once."""

    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.PAYABLE)
    client = models.ForeignKey("clients.Client", null=True, blank=True, on_delete=models.RESTRICT, related_name="+")
    party = models.CharField(_("supplier or payer"), max_length=160, blank=True)
    category = models.ForeignKey(Category, null=True, blank=True, on_delete=models.RESTRICT, related_name="+")
    description = models.CharField(_("description"), max_length=200)
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2)
    day = models.PositiveSmallIntegerField(_("due day of the month"))  # 29 to 31: the last day where there is none
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)
    generated_until = models.DateField(null=True, blank=True, editable=False)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="finance_recurrence_positive")]

    def __str__(self) -> str:
        return self.description


class ChargeLink(UUIDModel):
    """An unguessable address at which a client sees an entry and pays it. Only a hash of its token is kept."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="links")
    token_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField(db_index=True)
    created_by = models.ForeignKey("team.Member", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    seen_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.entry}"


class FinancePolicy(UUIDModel):
    """How this organization is paid; one row (services.policy() makes it)."""

    pix_key = models.CharField(_("PIX key"), max_length=77, blank=True)
    pix_name = models.CharField(_("receiver's name"), max_length=25, blank=True)
    pix_city = models.CharField(_("receiver's city"), max_length=15, blank=True)
    late_fee = models.DecimalField(_("late fee (%)"), max_digits=5, decimal_places=2, default=Decimal(0))
    interest = models.DecimalField(_("interest (% a month)"), max_digits=5, decimal_places=2, default=Decimal(0))
    due_days = models.PositiveSmallIntegerField(_("days to pay after a visit"), default=7)
    link_days = models.PositiveSmallIntegerField(_("days a charge link lives"), default=60)
    only = models.BooleanField(default=True, unique=True, editable=False)  # there is one row

    def __str__(self) -> str:
        return self.pix_key


from tenant_apps.finance.providers.models import (  # noqa: E402 - a package of this app has tables, too
    ProviderAccount as ProviderAccount,
)
from tenant_apps.finance.providers.models import ProviderCharge as ProviderCharge  # noqa: E402
from tenant_apps.finance.providers.models import ProviderEvent as ProviderEvent  # noqa: E402
