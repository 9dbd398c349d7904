"""What the API tells of a charge at the provider."""

from __future__ import annotations

from rest_framework import serializers

from tenant_apps.finance.providers.models import ProviderCharge


class ProviderChargeSerializer(serializers.Serializer):
    """`pix` is the code to copy, `boleto` the line of digits, `page` where the payer finds both."""

    id = serializers.UUIDField(read_only=True)
    entry = serializers.UUIDField(read_only=True, source="entry_id")
    provider = serializers.CharField(read_only=True)
    state = serializers.ChoiceField(ProviderCharge.State.choices, read_only=True)
    is_leaving = serializers.BooleanField(read_only=True)
    problem = serializers.CharField(read_only=True)
    page = serializers.CharField(read_only=True)
    pix = serializers.CharField(read_only=True)
    boleto = serializers.CharField(read_only=True)
    payment = serializers.UUIDField(read_only=True, allow_null=True, source="payment_id")
    created_at = serializers.DateTimeField(read_only=True)
