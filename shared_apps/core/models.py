"""Abstract bases; core itself has no tables."""

from django.db import models

from shared_apps.core.ids import uuid7


class UUIDModel(models.Model):
    """A row with a UUIDv7 primary key. Every tenant model derives from it (a system check says so)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)

    class Meta:
        abstract = True
