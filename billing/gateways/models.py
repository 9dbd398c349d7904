"""What we asked gateways to do, written down before we asked."""

from __future__ import annotations

from django.db import models

from shared_apps.core.models import UUIDModel


class OutboundIntent(UUIDModel):
    """One thing to be done at a gateway once, however often it is tried. `key` is its idempotency key, and ours."""

    key = models.CharField(max_length=200, unique=True)
    gateway = models.CharField(max_length=20)
    purpose = models.CharField(max_length=60)
    request_hash = models.CharField(max_length=64)  # the same key with another request is a mistake of ours
    result = models.JSONField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    done_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.key
