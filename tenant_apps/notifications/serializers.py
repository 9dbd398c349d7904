"""What the API takes and gives of notifications."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from shared_apps.web.api.serializers import StrictSerializer, many
from tenant_apps.notifications.events import EVENTS, MEMBER_CHANNELS
from tenant_apps.notifications.queries import in_words


class NotificationSerializer(StrictSerializer):
    """`url` is a path on the organization's own pages."""

    def to_representation(self, instance: Any) -> Any:
        """A row, in words."""
        (told,) = in_words([instance], firm=self.context.get("firm", ""))
        return super().to_representation(told)

    id = serializers.UUIDField(read_only=True)
    event = serializers.CharField(read_only=True)
    title = serializers.CharField(read_only=True)
    text = serializers.CharField(read_only=True)
    url = serializers.CharField(read_only=True)
    created_at = serializers.DateTimeField(read_only=True)
    read_at = serializers.DateTimeField(read_only=True, allow_null=True)


class UnreadSerializer(StrictSerializer):
    """`count` is at most 99."""

    count = serializers.IntegerField(read_only=True)


class ReadSerializer(StrictSerializer):
    marked = serializers.IntegerField(read_only=True)


class PreferenceSerializer(StrictSerializer):
    event = serializers.ChoiceField([event.key for event in EVENTS.values() if event.members])
    channel = serializers.ChoiceField([str(channel) for channel in MEMBER_CHANNELS])
    wanted = serializers.BooleanField()


class PreferencesSerializer(StrictSerializer):
    preferences = many(PreferenceSerializer, max_length=2 * len(EVENTS) * len(MEMBER_CHANNELS))
