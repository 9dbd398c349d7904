"""The inbox: every request that proved to come from a gateway, whatever became of it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from shared_apps.core.models import UUIDModel
from shared_apps.organizations.models import Organization


class WebhookEvent(UUIDModel):
    """One event of a gateway. Deduplicated on having been *done*, not on having been seen."""

    class State(models.TextChoices):
        PENDING = "pending", _("waiting")
        WORKING = "working", _("being worked on")
        DONE = "done", _("done")
        IGNORED = "ignored", _("without effect")
        FAILED = "failed", _("failed, will be tried again")
        DEAD = "dead", _("given up")

    gateway = models.CharField(max_length=20)
    event_id = models.CharField(max_length=200)  # Asaas's hold "&": never raw in a URL
    kind = models.CharField(max_length=80)  # the gateway's own word
    subject = models.CharField(
        max_length=120, blank=True
    )  # the gateway's subscription, else customer: serial per subject
    # Whose truth to fetch, as far as the gateway said.
    subscription_ref = models.CharField(max_length=120, blank=True, default="")
    reference = models.CharField(max_length=120, blank=True, default="")
    customer_ref = models.CharField(max_length=120, blank=True, default="")
    checkout_ref = models.CharField(max_length=120, blank=True, default="")
    organization = models.ForeignKey(
        Organization, null=True, blank=True, on_delete=models.SET_NULL, related_name="webhook_events"
    )
    payload = models.JSONField()
    happened_at = models.DateTimeField(null=True, blank=True)  # by the gateway's clock
    received_at = models.DateTimeField(auto_now_add=True, db_index=True)
    state = models.CharField(max_length=8, choices=State, default=State.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    effect = models.CharField(max_length=200, blank=True)  # what came of it, for people
    error = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["gateway", "event_id"], name="webhooks_event_once")]
        indexes = [
            models.Index(
                fields=["next_try_at"],
                condition=models.Q(state__in=["pending", "failed", "working"]),
                name="webhooks_to_do",
            ),
            models.Index(
                fields=["gateway", "subject", "received_at"],
                condition=models.Q(state__in=["pending", "failed", "working"]),
                name="webhooks_of_subject",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.gateway} {self.kind}"


class Discrepancy(UUIDModel):
    """What reconciliation found and somebody has to look at. `gone_at`: it was looked for again, and was not there.

    A REFUND is none of reconciliation's: it stands until the money went back, or staff say that they saw to it.
    """

    class Kind(models.TextChoices):
        UNKNOWN = "unknown", _("the gateway charges for what is not ours")
        RUNS_ON = "runs_on", _("ended with us, charged for there")
        TWICE = "twice", _("bought twice")
        UNCHARGED = "uncharged", _("a period without a charge")
        PRICE = "price", _("charged for a price that is not ours")
        REFUND = "refund", _("could not be given back")
        FAILED = "failed", _("could not be asked")

    kind = models.CharField(max_length=10, choices=Kind)
    gateway = models.CharField(max_length=20)
    external_id = models.CharField(max_length=120, blank=True)  # the gateway's subscription, where it is about one
    organization = models.ForeignKey(Organization, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    what = models.CharField(max_length=300)
    found_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    gone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "gateway", "external_id"],
                condition=models.Q(gone_at=None),
                name="webhooks_discrepancy_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.gateway} {self.external_id}"
