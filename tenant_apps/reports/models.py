"""Reports that were asked for, and those that are sent every month."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from shared_apps.core.models import UUIDModel


class Format(models.TextChoices):
    CSV = "csv", "CSV"
    XLSX = "xlsx", "XLSX"
    PDF = "pdf", "PDF"


class Run(UUIDModel):
    """A report made by a task. `report` is a key of `catalogue.py`, `filters` the query of its address as JSON."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("under way")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    report = models.CharField(max_length=20)
    filters = models.JSONField(default=dict)
    format = models.CharField(max_length=4, choices=Format)
    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    rows = models.PositiveIntegerField(default=0)  # in all
    written = models.PositiveIntegerField(default=0)
    file = models.CharField(max_length=200, blank=True)  # in the organization's storage
    size = models.PositiveBigIntegerField(default=0)
    message = models.CharField(max_length=300, blank=True)  # why it failed
    by = models.ForeignKey("team.Member", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True, db_index=True)

    class Meta:
        indexes = [models.Index(fields=["-created_at"], name="reports_run_recent")]

    def __str__(self) -> str:
        return self.report


class Subscription(UUIDModel):
    """A report that goes by e-mail on a day of every month, about the month before."""

    report = models.CharField(max_length=20)
    filters = models.JSONField(default=dict)
    format = models.CharField(max_length=4, choices=Format, default=Format.PDF)
    day = models.PositiveSmallIntegerField(_("day of the month"), default=1)  # 1 to 28
    to = ArrayField(models.EmailField(), verbose_name=_("recipients"))
    by = models.ForeignKey("team.Member", null=True, on_delete=models.SET_NULL, related_name="+")
    is_active = models.BooleanField(default=True)
    last_month = models.DateField(null=True, blank=True)  # the last one sent: each month once
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.report
