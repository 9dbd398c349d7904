"""Who did what to what, when, with before and after."""

from django.db import models

from shared_apps.core.models import UUIDModel


class Activity(UUIDModel):
    """One thing that happened. Append-only. `subject_*` name the thing without a foreign key: it may be gone."""

    actor = models.ForeignKey("team.Member", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    verb = models.CharField(max_length=60)  # "client.archived"
    subject_type = models.CharField(max_length=40)  # "clients.client"
    subject_id = models.UUIDField()
    subject_label = models.CharField(max_length=200, blank=True)
    before = models.JSONField(default=dict, blank=True)
    after = models.JSONField(default=dict, blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "-at"], name="activity_of_subject"),
            models.Index(fields=["-at"], name="activity_recent"),
        ]

    def __str__(self) -> str:
        return self.verb
