"""What was done at a visit: readings, doses, checklist, signature; and the log book that public pools must keep."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from shared_apps.core.models import UUIDModel, Versioned

# Photos hang on a report by when they were taken (files.Attachment.subject_type).
PHOTOS = {"before": "visits.before", "after": "visits.after"}


class VisitReport(Versioned):
    """The proof of one appointment. `checklist` is [{"label", "done", "note"}], as the offering's template was then.

    `sent_key` is made by the phone: what is sent twice after a loss of signal is kept once. `sends` has every key that
    was taken with a digest of what came with it, `photos` every photo's key with the attachment it became.
    """

    appointment = models.OneToOneField("scheduling.Appointment", on_delete=models.RESTRICT, related_name="visit_report")
    by = models.ForeignKey("team.Member", null=True, on_delete=models.SET_NULL, related_name="+")
    checked_in_at = models.DateTimeField(_("time in"), null=True, blank=True)
    checked_out_at = models.DateTimeField(_("time out"), null=True, blank=True)
    checklist = models.JSONField(_("checklist"), default=list, blank=True)
    notes = models.TextField(_("notes"), blank=True)
    signed_by = models.CharField(_("signed by"), max_length=120, blank=True)
    signature = models.CharField(max_length=200, blank=True)  # a PNG in the organization's storage
    sent_key = models.UUIDField(null=True, blank=True, unique=True)
    sends = models.JSONField(default=dict, blank=True, editable=False)
    photos = models.JSONField(default=dict, blank=True, editable=False)

    def __str__(self) -> str:
        return f"{self.appointment}"

    @property
    def is_finished(self) -> bool:
        return self.checked_out_at is not None


class Reading(UUIDModel):
    """One measured value. `kind` is a key of `kinds.READINGS`, whose limits were `low` and `high` at that time."""

    report = models.ForeignKey(VisitReport, on_delete=models.CASCADE, related_name="readings")
    asset = models.ForeignKey("clients.Asset", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    kind = models.CharField(max_length=20)
    value = models.DecimalField(max_digits=9, decimal_places=3)
    low = models.DecimalField(max_digits=9, decimal_places=3, null=True, blank=True)
    high = models.DecimalField(max_digits=9, decimal_places=3, null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["report", "asset", "kind"], name="visits_reading_once", nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.value}"

    @property
    def is_low(self) -> bool:
        return self.low is not None and self.value < self.low

    @property
    def is_high(self) -> bool:
        return self.high is not None and self.value > self.high


class Dose(UUIDModel):
    """A product used at a visit."""

    report = models.ForeignKey(VisitReport, on_delete=models.CASCADE, related_name="doses")
    asset = models.ForeignKey("clients.Asset", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    product = models.CharField(_("product"), max_length=80)
    amount = models.DecimalField(_("amount used"), max_digits=9, decimal_places=3)
    unit = models.CharField(_("unit"), max_length=10, default="g")

    def __str__(self) -> str:
        return f"{self.amount} {self.unit} {self.product}"


class LogRow(UUIDModel):
    """A row of an asset's log book. Append-only: `hash` is the SHA-256 of the row before and of this row's content, so
    that a later change of any row shows.
    """

    asset = models.ForeignKey("clients.Asset", on_delete=models.RESTRICT, related_name="log_rows")
    number = models.PositiveIntegerField()  # 1, 2, 3 ... without a gap
    at = models.DateTimeField()
    content = models.JSONField()  # readings, doses, technician, notes as they were signed off
    report_id = models.UUIDField(null=True)  # no foreign key: the row outlives what it tells of
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["asset", "number"], name="visits_logrow_once")]

    def __str__(self) -> str:
        return f"{self.number}"
