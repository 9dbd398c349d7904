"""Who works here: one row per membership, so that tenant rows can name a person without leaving their schema."""

from __future__ import annotations

from uuid import UUID

from django.db import models

from shared_apps.core.models import UUIDModel


class MemberManager(models.Manager["Member"]):
    def signed_in(self, user_id: UUID, session_id: UUID) -> Member | None:
        """The active member behind a sign-in that was not revoked, in one query, or None."""
        return self.filter(user_id=user_id, is_active=True).first()


class Member(UUIDModel):
    """A membership as the organization's own schema knows it. `user_id` is the public user's UUID."""

    id: UUID
    user_id = models.UUIDField(unique=True)
    name = models.CharField(max_length=120, blank=True)
    email = models.EmailField()
    role = models.CharField(max_length=8)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = MemberManager()

    def __str__(self) -> str:
        return self.name or self.email
