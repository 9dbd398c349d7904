"""What the API, and a phone in the field, take and give of reports and log books."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from shared_apps.web.api.serializers import MomentField, StrictSerializer, many
from tenant_apps.visits import kinds
from tenant_apps.visits.models import Reading, VisitReport
from tenant_apps.visits.services import Done, DoseGiven, ReadingGiven, ReportGiven
from tenant_apps.visits.services import given as giving
from tenant_apps.visits.services.signatures import HEAD, MOST_BYTES


def number() -> serializers.DecimalField:
    return serializers.DecimalField(max_digits=12, decimal_places=6, normalize_output=True)


def text(limit: int, **options: Any) -> serializers.CharField:
    return serializers.CharField(max_length=limit, **{"required": False, "allow_blank": True, **options})


@extend_schema_serializer(component_name="ChecklistStep")
class StepSerializer(StrictSerializer):
    label = text(giving.MOST_LABEL, required=True, allow_blank=False)  # type: ignore[assignment] # DRF: fields shadow attributes
    done = serializers.BooleanField(required=False)
    note = text(giving.MOST_NOTE)


class ReadingGivenSerializer(StrictSerializer):
    asset = serializers.UUIDField(required=False, allow_null=True)
    kind = serializers.CharField(max_length=20, help_text=_("A key such as ph or free_chlorine."))
    value = number()


class DoseSerializer(StrictSerializer):
    asset = serializers.UUIDField(required=False, allow_null=True, source="asset_id")
    product = text(giving.MOST_PRODUCT, required=True, allow_blank=False)
    amount = number()
    unit = serializers.ChoiceField(list(kinds.UNITS), required=False)


class GivenSerializer(StrictSerializer):
    """All of a report; what is left out is empty, but for the signature and the times, which stay."""

    sent_key = serializers.UUIDField(required=False, allow_null=True, help_text=_("Sent twice, it is taken once."))
    checked_in_at = MomentField(required=False, allow_null=True)
    checked_out_at = MomentField(required=False, allow_null=True)
    checklist = many(StepSerializer, max_length=giving.MOST_STEPS, required=False)
    readings = many(ReadingGivenSerializer, max_length=giving.MOST_READINGS, required=False)
    doses = many(DoseSerializer, max_length=giving.MOST_DOSES, required=False)
    notes = text(giving.MOST_TEXT)
    signed_by = text(giving.MOST_NAME)
    signature = serializers.CharField(
        required=False,
        allow_null=True,
        allow_blank=True,
        max_length=len(HEAD) + MOST_BYTES * 2,
        help_text=_("A PNG as a data URL, at most 100 kB."),
    )
    finish = serializers.BooleanField(required=False, help_text=_("The visit is done."))


class NewReportSerializer(GivenSerializer):
    appointment = serializers.UUIDField()


def given_of(values: dict[str, Any]) -> ReportGiven:
    """What was validated, as the services take it."""
    return ReportGiven(
        checked_in_at=values.get("checked_in_at"),
        checked_out_at=values.get("checked_out_at"),
        checklist=[Done(**step) for step in values.get("checklist", [])],
        readings=[ReadingGiven(**reading) for reading in values.get("readings", [])],
        doses=[
            DoseGiven(dose["product"], dose["amount"], dose.get("unit", "g"), dose.get("asset_id"))
            for dose in values.get("doses", [])
        ],
        notes=values.get("notes", ""),
        signed_by=values.get("signed_by", ""),
        signature=values.get("signature") or None,
        finish=values.get("finish", False),
    )


class ReadingSerializer(serializers.Serializer):
    asset = serializers.UUIDField(source="asset_id", allow_null=True)
    kind = serializers.CharField()
    value = number()
    unit = serializers.SerializerMethodField()
    low = number()
    high = number()
    is_low = serializers.BooleanField()
    is_high = serializers.BooleanField()

    def get_unit(self, reading: Reading) -> str:
        return kinds.unit_of(reading.kind)


class RowSerializer(serializers.Serializer):
    """A row of the list of reports."""

    id = serializers.UUIDField()
    version = serializers.IntegerField()
    appointment = serializers.UUIDField(source="appointment_id")
    client = serializers.UUIDField(source="appointment.client_id")
    client_name = serializers.CharField(source="appointment.client.name")
    starts_at = serializers.DateTimeField(source="appointment.starts_at")
    by = serializers.CharField(allow_null=True)
    by_id = serializers.UUIDField(allow_null=True)
    checked_in_at = serializers.DateTimeField(allow_null=True)
    checked_out_at = serializers.DateTimeField(allow_null=True)
    finished = serializers.BooleanField(source="is_finished")
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


@extend_schema_serializer(component_name="VisitReport")
class ReportSerializer(RowSerializer):
    checklist = StepSerializer(many=True)
    readings = ReadingSerializer(many=True)
    doses = DoseSerializer(many=True)
    notes = serializers.CharField()
    signed_by = serializers.CharField()
    signed = serializers.SerializerMethodField()

    def get_signed(self, report: VisitReport) -> bool:
        return bool(report.signature)


class LogRowSerializer(serializers.Serializer):
    number = serializers.IntegerField()
    at = serializers.DateTimeField()
    report = serializers.UUIDField(source="report_id", allow_null=True)
    content = serializers.JSONField()
    hash = serializers.CharField()


class VerificationSerializer(serializers.Serializer):
    whole = serializers.BooleanField(source="is_whole")
    rows = serializers.IntegerField()
    broken = serializers.IntegerField(allow_null=True, help_text=_("The first row that is not as it was written."))
    last_hash = serializers.CharField()
