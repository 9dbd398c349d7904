"""What the API remembers of requests."""

from django.db import models

from shared_apps.core.models import UUIDModel


class IdempotencyKey(UUIDModel):
    """The answer to a POST that carried an Idempotency-Key, written in the transaction of its effect.

    `fingerprint` is a digest of who asked what (user, method, path, body): the same key with another one is refused.
    Kept for a day (see `shared_apps.web.api.idempotency`).
    """

    organization_id = models.UUIDField()
    key = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    headers = models.JSONField(default=dict)
    body = models.BinaryField()
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization_id", "key"], name="web_idempotency_key_once"),
        ]

    def __str__(self) -> str:
        return self.key
