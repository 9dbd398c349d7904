"""What the API takes and gives of offerings, appointments, contracts and working hours."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from shared_apps.web.api.serializers import MomentField, Several, StrictSerializer
from tenant_apps.clients.serializers import VersionedSerializer, text
from tenant_apps.scheduling import guards, wording
from tenant_apps.scheduling.guards import LineGiven
from tenant_apps.scheduling.models import Appointment, Contract

_READ: dict[str, Any] = {"read_only": True}


def price(**options: Any) -> serializers.DecimalField:
    return serializers.DecimalField(
        max_digits=9, decimal_places=2, min_value=Decimal(0), **{"required": False, "allow_null": True, **options}
    )


@extend_schema_field({"type": "string", "example": "09:00:00"})
class LocalTimeField(serializers.TimeField):
    """A time of the organization's day. OpenAPI's format "time" (RFC 3339) would want an offset with it."""


class OfferingSerializer(VersionedSerializer):
    name = text(120, required=True, allow_blank=False)
    description = text(guards.NOTES)
    duration_minutes = serializers.IntegerField(min_value=5, max_value=guards.MOST_MINUTES, required=False)
    price = price(allow_null=False)
    colour = serializers.CharField(max_length=7, required=False, help_text=_("A colour such as #b45309."))
    checklist = Several(child=serializers.CharField(max_length=160, allow_blank=True), max_length=60, required=False)
    readings = Several(child=serializers.CharField(max_length=20), max_length=30, required=False)
    is_active = serializers.BooleanField(required=False)


class LineSerializer(StrictSerializer):
    offering = serializers.UUIDField(source="offering_id")
    offering_name = serializers.CharField(source="offering.name", **_READ)
    asset = serializers.UUIDField(source="asset_id", required=False, allow_null=True)
    asset_name = serializers.CharField(source="asset.name", default=None, **_READ)
    quantity = serializers.DecimalField(max_digits=7, decimal_places=2, required=False)
    price = price(help_text=_("Of one. Without it: the offering's."))

    def to_internal_value(self, data: Any) -> LineGiven:
        return LineGiven(**super().to_internal_value(data))


class MembersField(Several):
    """The professionals' identifiers; of an appointment, those of its bookings."""

    child = serializers.UUIDField()

    def to_representation(self, data: Any) -> list[str]:
        return [str(one if isinstance(one, UUID) else one.member_id) for one in getattr(data, "all", lambda: data)()]


class CancellationSerializer(StrictSerializer):
    at = serializers.DateTimeField(**_READ)
    by = serializers.CharField(allow_null=True, **_READ)
    reason = text(300)


class AppointmentSerializer(VersionedSerializer):
    client = serializers.UUIDField(source="client_id")
    client_name = serializers.CharField(source="client.name", **_READ)
    place = serializers.UUIDField(source="place_id", required=False, allow_null=True)
    starts_at = MomentField()
    ends_at = MomentField()
    arrival_until = MomentField(
        required=False, allow_null=True, help_text=_("The client is told “between the start and this”.")
    )
    member_ids = MembersField(source="bookings", required=False, max_length=guards.MOST_MEMBERS)
    lines = LineSerializer(many=True, required=False, max_length=guards.MOST_LINES)  # type: ignore[call-arg] # many=True takes it
    notes = text(guards.NOTES)
    price = price(help_text=_("Without it: what the lines cost."))
    status = serializers.ChoiceField(
        Appointment.Status.choices, required=False, help_text=_("Of a new one: pending or confirmed.")
    )
    contract = serializers.UUIDField(source="contract_id", allow_null=True, **_READ)
    occurrence_on = serializers.DateField(allow_null=True, **_READ)
    is_detached = serializers.BooleanField(**_READ)
    cancellation = CancellationSerializer(allow_null=True, **_READ)
    finished_at = serializers.DateTimeField(allow_null=True, **_READ)
    overrule = serializers.BooleanField(required=False, write_only=True, help_text=_("Although nobody works then."))


class AppointmentChangeSerializer(AppointmentSerializer):
    """`client` and `status` are not changed here."""

    client = serializers.UUIDField(source="client_id", **_READ)
    status = serializers.ChoiceField(Appointment.Status.choices, **_READ)
    scope = serializers.ChoiceField(
        [("this", "this"), ("following", "following"), ("all", "all")],
        required=False,
        write_only=True,
        help_text=_("Of a contract's visit: this one, this and those after it, or all to come."),
    )


class VariationSerializer(StrictSerializer):
    id = serializers.UUIDField(**_READ)
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(required=False, allow_null=True)
    is_yearly = serializers.BooleanField(required=False)
    rrule = text(300, help_text=_("Empty: a pause."))
    reason = text(200)
    overrule = serializers.BooleanField(required=False, write_only=True)


class ContractSerializer(VersionedSerializer):
    client = serializers.UUIDField(source="client_id")
    client_name = serializers.CharField(source="client.name", **_READ)
    place = serializers.UUIDField(source="place_id", required=False, allow_null=True)
    title = text(120)
    notes = text(guards.NOTES)
    rrule = text(300, required=True, allow_blank=False, help_text=_("RFC 5545, days only: FREQ=WEEKLY;BYDAY=MO,TH"))
    sentence = serializers.SerializerMethodField(help_text=_("The rule in words."))
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(required=False, allow_null=True)
    time = LocalTimeField()
    duration_minutes = serializers.IntegerField(min_value=5, max_value=guards.MOST_MINUTES, required=False)
    arrival_minutes = serializers.IntegerField(min_value=0, max_value=guards.MOST_MINUTES, required=False)
    member_ids = MembersField(required=False, max_length=guards.MOST_MEMBERS)
    billing = serializers.ChoiceField(Contract.Billing.choices, required=False)
    price = price(allow_null=False, help_text=_("Of a visit or of a month, as it is billed."))
    billing_day = serializers.IntegerField(min_value=1, max_value=31, required=False)
    lines = LineSerializer(many=True, required=False, max_length=guards.MOST_LINES)  # type: ignore[call-arg] # many=True takes it
    variations = VariationSerializer(many=True, **_READ)
    continues = serializers.UUIDField(source="continues_id", allow_null=True, **_READ)
    overrule = serializers.BooleanField(
        required=False, write_only=True, help_text=_("Visits whose professional is taken are made without one.")
    )

    def get_sentence(self, contract: Contract) -> str:
        return wording.sentence(contract.rrule, contract.starts_on)


class ContractChangeSerializer(ContractSerializer):
    client = serializers.UUIDField(source="client_id", **_READ)
    from_day = serializers.DateField(
        required=False, write_only=True, help_text=_("From this day on another contract goes on with the changes.")
    )


class ResumptionSerializer(StrictSerializer):
    on = serializers.DateField()
    overrule = serializers.BooleanField(required=False, write_only=True)


class SpanSerializer(StrictSerializer):
    weekday = serializers.IntegerField(min_value=0, max_value=6, help_text=_("0 is Monday."))
    starts = serializers.TimeField()
    ends = serializers.TimeField()


class HoursSerializer(StrictSerializer):
    member = serializers.UUIDField(source="pk", **_READ)
    name = serializers.CharField(**_READ)
    hours = SpanSerializer(many=True, max_length=21)  # type: ignore[call-arg] # many=True takes it


class DayOffSerializer(StrictSerializer):
    id = serializers.UUIDField(**_READ)
    member = serializers.UUIDField(
        source="member_id", required=False, allow_null=True, help_text=_("Nobody's: the whole firm's.")
    )
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    reason = text(120)


@extend_schema_serializer(component_name="SchedulePolicy")
class PolicySerializer(StrictSerializer):
    country = serializers.CharField(max_length=2, required=False)
    state = text(3)
    works_on_holidays = serializers.BooleanField(required=False)
    weeks_ahead = serializers.IntegerField(min_value=1, max_value=26, required=False)


class SlotSerializer(serializers.Serializer):
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()


class SlotsSerializer(serializers.Serializer):
    """What /free-slots/ answers."""

    results = SlotSerializer(many=True)
