"""Who works here: one row per membership, so that tenant rows can name a person without leaving their schema."""

from django.db import models

from shared_apps.core.models import UUIDModel


class Member(UUIDModel):
    """A membership as the organization's own schema knows it. `user_id` is the public user's UUID."""

    user_id = models.UUIDField(unique=True)
    name = models.CharField(max_length=120, blank=True)
    email = models.EmailField()
    role = models.CharField(max_length=8)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name or self.email
