"""What opening a firm takes and gives, through the API of the platform's own host."""

from __future__ import annotations

from rest_framework import serializers

from shared_apps.web.api.serializers import StrictSerializer


class OpeningSerializer(StrictSerializer):
    firm = serializers.CharField(max_length=120)
    slug = serializers.CharField(max_length=40)
    name = serializers.CharField(max_length=120)
    email = serializers.EmailField(max_length=254)
    password = serializers.CharField(max_length=128, trim_whitespace=False)


class FirmSerializer(serializers.Serializer):
    name = serializers.CharField()
    slug = serializers.CharField()
    url = serializers.URLField()  # below it, at /api/v1/auth/login/, the owner signs in


class OpenedSerializer(serializers.Serializer):
    organization = FirmSerializer()
