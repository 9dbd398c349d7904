"""How activity is told."""

from rest_framework import serializers


class ActorSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    name = serializers.CharField(source="__str__")


class ActivitySerializer(serializers.Serializer):
    id = serializers.UUIDField()
    at = serializers.DateTimeField()
    actor = ActorSerializer(allow_null=True)
    verb = serializers.CharField()
    subject_label = serializers.CharField()
    before = serializers.DictField()
    after = serializers.DictField()
