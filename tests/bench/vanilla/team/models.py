"""The member as a plain model: Colmeia's own reads public tables of Colmeia. Same table, same migrations."""

from django.db import models

from shared_apps.core.models import UUIDModel


class Member(UUIDModel):
    user_id = models.UUIDField(unique=True)
    name = models.CharField(max_length=120, blank=True)
    email = models.EmailField()
    role = models.CharField(max_length=8)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)
