"""What the API takes and gives of the bank's movements."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from shared_apps.web.api.serializers import Several, StrictSerializer, many
from tenant_apps.banking import queries
from tenant_apps.banking.models import StatementLine
from tenant_apps.banking.services.explaining import MAX_PARTS
from tenant_apps.finance.models import Category
from tenant_apps.finance.serializers import client_field


def money() -> serializers.DecimalField:
    return serializers.DecimalField(max_digits=12, decimal_places=2)


@extend_schema_serializer(component_name="StatementUpload")
class UploadSerializer(StrictSerializer):
    file = serializers.FileField(allow_empty_file=True)
    account = serializers.CharField(max_length=60, required=False, allow_blank=True)


class StatementSerializer(StrictSerializer):
    id = serializers.UUIDField(read_only=True)
    file_name = serializers.CharField(read_only=True)
    account = serializers.CharField(read_only=True)
    starts_on = serializers.DateField(read_only=True)
    ends_on = serializers.DateField(read_only=True)
    created_at = serializers.DateTimeField(read_only=True)


class BroughtSerializer(serializers.Serializer):
    """`statement` is null when every movement was known."""

    statement = StatementSerializer(allow_null=True)
    new = serializers.IntegerField()
    known = serializers.IntegerField()


class MatchSerializer(serializers.Serializer):
    payment = serializers.UUIDField(source="payment_id")
    entry = serializers.UUIDField(source="payment.entry_id")
    amount = serializers.DecimalField(max_digits=12, decimal_places=2, source="payment.amount")
    is_made = serializers.BooleanField()


@extend_schema_serializer(component_name="StatementLine")
class LineSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    statement = serializers.UUIDField(source="statement_id")
    account = serializers.CharField()
    bank_id = serializers.CharField()
    on = serializers.DateField()
    amount = money()
    memo = serializers.CharField()
    state = serializers.SerializerMethodField()
    explained_by = MatchSerializer(many=True, source="standing")

    def get_state(self, line: StatementLine) -> str:
        return queries.state_of(line)


class OfferSerializer(serializers.Serializer):
    kind = serializers.CharField()
    id = serializers.UUIDField()
    entry = serializers.UUIDField(source="entry_id")
    description = serializers.CharField(source="title")
    who = serializers.CharField()
    amount = money()
    day = serializers.DateField()
    score = serializers.IntegerField()
    is_certain = serializers.BooleanField()
    reasons = serializers.ListField(child=serializers.CharField())


class PartSerializer(StrictSerializer):
    entry = serializers.UUIDField()
    amount = money()


class ExplanationSerializer(StrictSerializer):
    """Either `payments` that are recorded already, or `entries` that the movement paid."""

    payments = Several(child=serializers.UUIDField(), max_length=MAX_PARTS, required=False)
    entries = many(PartSerializer, max_length=MAX_PARTS, required=False)


@extend_schema_serializer(component_name="EntryOfLine")
class NewEntrySerializer(StrictSerializer):
    description = serializers.CharField(max_length=200)
    client = client_field()
    party = serializers.CharField(max_length=160, required=False, allow_blank=True)
    category = serializers.PrimaryKeyRelatedField(queryset=Category.objects.all(), required=False, allow_null=True)
