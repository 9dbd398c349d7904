"""Reading what happened."""

from django.db import models
from django.db.models import QuerySet

from tenant_apps.activity.models import Activity


def activity_of(subject: models.Model) -> QuerySet[Activity]:
    """What happened to `subject`, newest first."""
    found = Activity.objects.filter(subject_type=subject._meta.label_lower, subject_id=subject.pk)
    return found.select_related("actor").order_by("-at", "-id")
