"""What the API takes and gives of clients, places, assets and custom fields."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from shared_apps.core.errors import FieldError
from shared_apps.web.api.serializers import Several, StrictSerializer
from tenant_apps.clients import documents
from tenant_apps.clients.models import Client, CustomField

NOTES = 5000


def checked(check: Callable[..., str], value: str, **options: Any) -> str:
    """A rule of the services, so that every wrong field of a body is named at once."""
    try:
        return check(value, **options)
    except FieldError as error:
        raise serializers.ValidationError(error.detail, code=error.code) from error


def text(limit: int, **options: Any) -> serializers.CharField:
    return serializers.CharField(max_length=limit, **{"required": False, "allow_blank": True, **options})


class VersionedSerializer(StrictSerializer):
    id = serializers.UUIDField(read_only=True)
    version = serializers.IntegerField(read_only=True)
    created_at = serializers.DateTimeField(read_only=True)
    updated_at = serializers.DateTimeField(read_only=True)


class ArchivalSerializer(StrictSerializer):
    at = serializers.DateTimeField(read_only=True)
    by = serializers.CharField(read_only=True, allow_null=True)
    reason = text(300)


@extend_schema_field({"type": "object", "additionalProperties": {}})
class CustomValuesField(serializers.DictField):
    """Values by key: string, number or boolean; null takes a value out. Checked by the services."""


class ClientSerializer(VersionedSerializer):
    kind = serializers.ChoiceField(Client.Kind.choices, required=False)
    name = text(160, required=True, allow_blank=False)
    legal_name = text(160)
    document = text(40, help_text=_("CPF or CNPJ, with or without punctuation."))
    email = serializers.EmailField(max_length=254, required=False, allow_blank=True)
    phone = text(40, help_text=_("With the area code; without a country code it is Brazilian. Kept as E.164."))
    tags = Several(child=serializers.CharField(max_length=40), max_length=20, required=False)
    notes = text(NOTES)
    custom = CustomValuesField(required=False, help_text=_("PATCH merges; null takes a value out."))
    cities = serializers.ListField(child=serializers.CharField(), read_only=True)
    archived = serializers.BooleanField(read_only=True, source="is_archived")
    archival = ArchivalSerializer(read_only=True, allow_null=True)

    def validate_phone(self, value: str) -> str:
        return checked(documents.phone, value)

    def validate_document(self, value: str) -> str:
        kind = self.initial_data.get("kind", self.instance.kind if self.instance is not None else Client.Kind.PERSON)
        return checked(documents.document, value, company=kind == Client.Kind.COMPANY)


class ClientRowSerializer(serializers.Serializer):
    """A row of the list: describes it, while `queries.client_rows` makes it."""

    id = serializers.UUIDField()
    kind = serializers.ChoiceField(Client.Kind.choices)
    name = serializers.CharField()
    legal_name = serializers.CharField()
    document = serializers.CharField()
    email = serializers.CharField()
    phone = serializers.CharField()
    tags = serializers.ListField(child=serializers.CharField())
    custom = CustomValuesField()
    cities = serializers.ListField(child=serializers.CharField())
    archived = serializers.BooleanField()
    version = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class PlaceSerializer(VersionedSerializer):
    client = serializers.UUIDField(read_only=True, source="client_id")
    label = text(80)  # type: ignore[assignment] # DRF: fields shadow attributes
    street = text(160)
    number = text(20)
    complement = text(80)
    district = text(80)
    city = text(80)
    state = text(20, help_text=_("Two letters, such as SP."))
    postal_code = text(20, help_text=_("CEP, with or without punctuation."))
    access_notes = text(NOTES)

    def validate_state(self, value: str) -> str:
        return checked(documents.state, value)

    def validate_postal_code(self, value: str) -> str:
        return checked(documents.postal_code, value)


def amount() -> serializers.DecimalField:
    return serializers.DecimalField(max_digits=9, decimal_places=2, min_value=0, required=False, allow_null=True)


class AssetSerializer(VersionedSerializer):
    place = serializers.UUIDField(read_only=True, source="place_id")
    kind = text(40, allow_blank=False)
    name = text(80, required=True, allow_blank=False)
    volume_m3 = amount()
    surface_m2 = amount()
    filter = text(80)
    notes = text(NOTES)


class CustomFieldSerializer(StrictSerializer):
    id = serializers.UUIDField(read_only=True)
    key = text(40, required=True, allow_blank=False, help_text=_("Small letters, digits and underscores."))
    label = text(80)  # type: ignore[assignment] # DRF: fields shadow attributes
    type = serializers.ChoiceField(CustomField.Type.choices, required=False)
    required = serializers.BooleanField(required=False)  # type: ignore[assignment]
    choices = Several(child=serializers.CharField(max_length=80), max_length=100, required=False)
    position = serializers.IntegerField(min_value=0, max_value=32767, required=False)
    created_at = serializers.DateTimeField(read_only=True)
