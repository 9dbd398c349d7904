"""What the API takes and gives of entries, payments, recurrences and categories. Amounts are strings."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from shared_apps.organizations import current
from shared_apps.web.api.serializers import StrictSerializer
from tenant_apps.clients.models import Client
from tenant_apps.clients.serializers import VersionedSerializer, text
from tenant_apps.finance.models import Category, Entry, Kind, Method
from tenant_apps.finance.services.entries import LONGEST_NOTES
from tenant_apps.finance.states import State, state_of

UUID_FIELD = serializers.UUIDField(format="hex_verbose")


def money_field(**options: Any) -> serializers.DecimalField:
    return serializers.DecimalField(max_digits=12, decimal_places=2, **options)


def percent_field(**options: Any) -> serializers.DecimalField:
    return serializers.DecimalField(max_digits=5, decimal_places=2, min_value=0, max_value=100, **options)


def client_field(**options: Any) -> serializers.PrimaryKeyRelatedField:
    found = Client.objects.select_related("archival").defer("search")
    return serializers.PrimaryKeyRelatedField(
        queryset=found, pk_field=UUID_FIELD, required=False, allow_null=True, **options
    )


def category_field() -> serializers.PrimaryKeyRelatedField:
    return serializers.PrimaryKeyRelatedField(
        queryset=Category.objects.all(), pk_field=UUID_FIELD, required=False, allow_null=True
    )


class EntryCancellationSerializer(StrictSerializer):
    at = serializers.DateTimeField(read_only=True)
    by = serializers.CharField(read_only=True, allow_null=True)
    reason = text(300)


class EntrySerializer(VersionedSerializer):
    kind = serializers.ChoiceField(Kind.choices, required=False)
    client = client_field()
    party = text(160)
    category = category_field()
    description = text(200, required=True, allow_blank=False)
    notes = text(LONGEST_NOTES)
    amount = money_field(min_value=0)
    issued_on = serializers.DateField(required=False)
    due_on = serializers.DateField()
    discount = money_field(min_value=0, required=False)
    discount_until = serializers.DateField(required=False, allow_null=True)
    late_fee = percent_field(required=False)
    interest = percent_field(required=False)
    paid = money_field(read_only=True)
    settled_on = serializers.DateField(read_only=True, allow_null=True)
    state = serializers.SerializerMethodField()
    appointment = serializers.UUIDField(read_only=True, allow_null=True, source="appointment_id")
    contract = serializers.UUIDField(read_only=True, allow_null=True, source="contract_id")
    period = serializers.DateField(read_only=True, allow_null=True)
    group = serializers.UUIDField(read_only=True, allow_null=True, source="instalment_group")
    instalment = serializers.IntegerField(read_only=True, allow_null=True)
    instalments = serializers.IntegerField(read_only=True, allow_null=True)
    cancellation = EntryCancellationSerializer(read_only=True, allow_null=True)

    @extend_schema_field(serializers.ChoiceField(State.choices))
    def get_state(self, entry: Entry) -> str:
        return state_of(entry, current.today()).value


class NewEntrySerializer(EntrySerializer):
    instalments = serializers.IntegerField(min_value=1, max_value=120, required=False)


class EntryRowSerializer(serializers.Serializer):
    """A row of the list: describes it, while `queries.entry_rows` makes it."""

    id = serializers.UUIDField()
    kind = serializers.ChoiceField(Kind.choices)
    state = serializers.ChoiceField(State.choices)
    description = serializers.CharField()
    client = serializers.UUIDField(allow_null=True)
    client_name = serializers.CharField(allow_null=True)
    party = serializers.CharField()
    category = serializers.UUIDField(allow_null=True)
    category_name = serializers.CharField(allow_null=True)
    amount = money_field()
    paid = money_field()
    issued_on = serializers.DateField()
    due_on = serializers.DateField()
    settled_on = serializers.DateField(allow_null=True)
    instalment = serializers.IntegerField(allow_null=True)
    instalments = serializers.IntegerField(allow_null=True)
    appointment = serializers.UUIDField(allow_null=True)
    contract = serializers.UUIDField(allow_null=True)
    version = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class TotalsSerializer(serializers.Serializer):
    count = serializers.IntegerField()
    amount = money_field(max_value=None)
    paid = money_field()
    open = money_field()


class ReversalSerializer(StrictSerializer):
    at = serializers.DateTimeField(read_only=True)
    by = serializers.CharField(read_only=True, allow_null=True)
    reason = text(300)


class PaymentSerializer(StrictSerializer):
    """Without `extra` and `discount` it is found out what of the amount is late fee, interest or discount."""

    id = serializers.UUIDField(read_only=True)
    entry = serializers.UUIDField(read_only=True, source="entry_id")
    amount = money_field(min_value=0)
    extra = money_field(min_value=0, required=False)
    discount = money_field(min_value=0, required=False)
    method = serializers.ChoiceField(Method.choices)
    paid_on = serializers.DateField()
    reference = text(140)
    by = serializers.CharField(read_only=True, allow_null=True)
    created_at = serializers.DateTimeField(read_only=True)
    reversal = ReversalSerializer(read_only=True, allow_null=True)


class PaymentRowSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    entry = serializers.UUIDField()
    description = serializers.CharField()
    kind = serializers.ChoiceField(Kind.choices)
    client = serializers.UUIDField(allow_null=True)
    client_name = serializers.CharField(allow_null=True)
    party = serializers.CharField()
    category = serializers.UUIDField(allow_null=True)
    category_name = serializers.CharField(allow_null=True)
    amount = money_field()
    extra = money_field()
    discount = money_field()
    method = serializers.ChoiceField(Method.choices)
    paid_on = serializers.DateField()
    reference = serializers.CharField()
    reversed = serializers.BooleanField()
    created_at = serializers.DateTimeField()


class PaymentTotalsSerializer(serializers.Serializer):
    count = serializers.IntegerField()
    received = money_field(max_value=None)
    spent = money_field(max_value=None)
    extra = money_field(max_value=None)
    discount = money_field(max_value=None)


class LinkSerializer(serializers.Serializer):
    url = serializers.URLField(read_only=True)


class PixSerializer(serializers.Serializer):
    amount = money_field()
    code = serializers.CharField()  # copia e cola


class CategorySerializer(StrictSerializer):
    id = serializers.UUIDField(read_only=True)
    name = text(80, required=True, allow_blank=False)
    kind = serializers.ChoiceField(Kind.choices)
    is_active = serializers.BooleanField(read_only=True)


class CategoryChangeSerializer(StrictSerializer):
    name = text(80, allow_blank=False)
    is_active = serializers.BooleanField(required=False)


class RecurrenceSerializer(VersionedSerializer):
    kind = serializers.ChoiceField(Kind.choices, required=False)
    client = client_field()
    party = text(160)
    category = category_field()
    description = text(200, required=True, allow_blank=False)
    amount = money_field(min_value=0)
    day = serializers.IntegerField(min_value=1, max_value=31)
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(required=False, allow_null=True)


class PolicySerializer(StrictSerializer):
    pix_key = text(77)
    pix_name = text(80)
    pix_city = text(80)
    late_fee = percent_field(required=False)
    interest = percent_field(required=False)
    due_days = serializers.IntegerField(min_value=0, max_value=365, required=False)
    link_days = serializers.IntegerField(min_value=1, max_value=365, required=False)
