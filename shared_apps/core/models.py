"""Abstract bases; core itself has no tables."""

from django.db import models

from shared_apps.core.ids import uuid7


class UUIDModel(models.Model):
    """A row with a UUIDv7 primary key. Every tenant model derives from it (a system check says so)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)

    class Meta:
        abstract = True


class Versioned(UUIDModel):
    """A row whose changes are counted: `version` is the ETag that keeps two editors from undoing each other."""

    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True
