"""The firm's account with a provider, the charges issued there, and what the provider told of them."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shared_apps.core.models import UUIDModel


class ProviderAccount(UUIDModel):
    """One a provider. The key is sealed and never shown again; of the webhook's token only a hash is kept."""

    class State(models.TextChoices):
        READY = "ready", _("connected")
        CONNECTING = "connecting", _("being connected")
        FAILED = "failed", _("refused")

    provider = models.CharField(max_length=20, unique=True, default="asaas")
    key = models.TextField()
    key_end = models.CharField(max_length=4, blank=True)  # by which people tell keys apart
    state = models.CharField(max_length=10, choices=State, default=State.CONNECTING)
    problem = models.CharField(max_length=300, blank=True)
    path = models.CharField(max_length=64, unique=True)  # of the webhook's address
    token_hash = models.CharField(max_length=64, blank=True)
    by = models.ForeignKey("team.Member", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.provider


class ProviderChargeQuerySet(models.QuerySet["ProviderCharge"]):
    def standing(self) -> Self:
        """Can still be paid at the provider, or soon."""
        return self.filter(state__in=["pending", "issued"])


class ProviderCharge(UUIDModel):
    """A charge of an entry. Its row is written before the provider is asked, so that a lost answer is found again."""

    class State(models.TextChoices):
        PENDING = "pending", _("being issued")
        ISSUED = "issued", _("issued")
        PAID = "paid", _("paid")
        RETURNED = "returned", _("paid back")
        DISPUTED = "disputed", _("disputed by the payer")
        REMOVED = "removed", _("withdrawn")
        FAILED = "failed", _("refused")

    entry = models.ForeignKey("finance.Entry", on_delete=models.CASCADE, related_name="provider_charges")
    provider = models.CharField(max_length=20, default="asaas")
    external_id = models.CharField(max_length=80, blank=True, db_index=True)
    state = models.CharField(max_length=10, choices=State, default=State.PENDING)
    problem = models.CharField(max_length=300, blank=True)
    page = models.CharField(max_length=500, blank=True)
    pix = models.CharField(max_length=600, blank=True)
    boleto = models.CharField(max_length=60, blank=True)
    payment = models.OneToOneField(
        "finance.Payment", null=True, blank=True, on_delete=models.SET_NULL, related_name="provider_charge"
    )
    is_leaving = models.BooleanField(default=False)  # it is to be withdrawn at the provider
    renews = models.BooleanField(default=False)  # once it is gone, another is issued for what is open
    heard = models.PositiveIntegerField(default=0)  # answers taken over: one that was asked for before the last is old
    attempts = models.PositiveSmallIntegerField(default=0)
    try_at = models.DateTimeField(null=True, blank=True)  # when the provider is asked next
    by = models.ForeignKey("team.Member", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ProviderChargeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["entry"], condition=Q(state__in=["pending", "issued"]), name="finance_charge_once"
            ),
        ]
        indexes = [
            models.Index(fields=["try_at"], condition=Q(try_at__isnull=False), name="finance_charge_try"),
            # Few, and every list of entries asks for them (`queries.unsettled`).
            models.Index(
                fields=["-created_at"], condition=Q(state="paid") & ~Q(problem=""), name="finance_charge_unsettled"
            ),
        ]

    def __str__(self) -> str:
        return self.external_id or str(self.entry_id)

    @property
    def is_standing(self) -> bool:
        return self.state in (self.State.PENDING, self.State.ISSUED)

    @property
    def is_moving(self) -> bool:
        """A task is at it, or will be."""
        return self.state == self.State.PENDING or self.is_leaving


class ProviderEvent(UUIDModel):
    """Something the provider told, each once. It is a reason to ask; nothing in it is believed."""

    event_id = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=80, blank=True)
    external_id = models.CharField(max_length=80, blank=True)
    received_at = models.DateTimeField(auto_now_add=True)
    done_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.kind
