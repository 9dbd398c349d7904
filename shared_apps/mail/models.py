"""Every e-mail that was asked for: to whom, what, and what became of it."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q

from shared_apps.core.models import UUIDModel


class MailQuerySet(models.QuerySet["Mail"]):
    def waiting(self, now: datetime, *, lost_before: datetime) -> Self:
        """Those to be sent now: due, or taken up by somebody who never came back."""
        return self.filter(
            Q(status=Mail.Status.PENDING, next_try_at__lte=now)
            | Q(status=Mail.Status.SENDING, claimed_at__lt=lost_before)
        )


class Mail(UUIDModel):
    """`context` is what the template is filled with. It may hold a link that lets somebody in, so it is emptied as soon
    as the mail is sent or given up."""

    class Status(models.TextChoices):
        PENDING = "pending"
        SENDING = "sending"
        SENT = "sent"
        FAILED = "failed"
        DROPPED = "dropped"  # who asked for it did not want it to go out any more

    template = models.CharField(max_length=80)  # "organizations/invitation"
    to = models.EmailField()
    locale = models.CharField(max_length=10)
    organization_id = models.UUIDField(null=True, blank=True, db_index=True)  # None: from the platform itself
    sender_name = models.CharField(max_length=120, blank=True)
    reply_to = models.EmailField(blank=True)
    subject = models.CharField(max_length=200, blank=True)
    context = models.JSONField(default=dict, blank=True)
    status = models.CharField(max_length=7, choices=Status, default=Status.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    next_try_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    objects = MailQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["next_try_at"], condition=Q(status__in=["pending", "sending"]), name="mail_still_to_send"
            ),
            models.Index(fields=["created_at"], name="mail_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.template} to {self.to}"
