"""What the API takes and gives of attachments."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from shared_apps.web.api.serializers import StrictSerializer

SUBJECTS = _("clients.client, clients.place, clients.asset or finance.entry.")


class UploadSerializer(StrictSerializer):
    subject_type = serializers.CharField(max_length=40, help_text=SUBJECTS)
    subject_id = serializers.UUIDField()
    file = serializers.FileField()


class AttachmentSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    subject_type = serializers.CharField()
    subject_id = serializers.UUIDField()
    name = serializers.CharField()
    content_type = serializers.CharField()
    size = serializers.IntegerField()
    width = serializers.IntegerField(allow_null=True)
    height = serializers.IntegerField(allow_null=True)
    sha256 = serializers.CharField()
    has_thumbnail = serializers.SerializerMethodField()
    uploaded_by = serializers.CharField(allow_null=True)
    created_at = serializers.DateTimeField()

    def get_has_thumbnail(self, attachment: object) -> bool:
        return bool(getattr(attachment, "thumbnail", ""))
