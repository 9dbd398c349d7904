"""What programs send and are told of imports and exports of clients."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from shared_apps.web.api.serializers import Several, StrictSerializer
from tenant_apps.clients.models import CustomField
from tenant_apps.transfers import cells, services
from tenant_apps.transfers.forms import ColumnsForm
from tenant_apps.transfers.kinds import fields_of
from tenant_apps.transfers.models import Export, Import

MAX_IDS = 1000


@extend_schema_serializer(component_name="ImportUpload")
class UploadSerializer(serializers.Serializer):
    file = serializers.FileField(help_text=_("CSV (any delimiter and encoding) or XLSX."))


class FieldSerializer(serializers.Serializer):
    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment] # DRF: fields shadow attributes


class FieldsSerializer(serializers.Serializer):
    fields = FieldSerializer(many=True)  # type: ignore[assignment] # DRF: fields shadow attributes


class ColumnSerializer(serializers.Serializer):
    number = serializers.CharField(help_text=_("As `mapping` names it, from 0."))
    header = serializers.CharField()
    samples = serializers.ListField(child=serializers.CharField())


class RowErrorSerializer(serializers.Serializer):
    row = serializers.IntegerField()
    message = serializers.CharField()


class ImportRowSerializer(serializers.ModelSerializer):
    class Meta:
        model = Import
        fields: tuple[str, ...] = (
            "id", "file_name", "state", "created_at", "finished_at", "rows", "created", "updated", "skipped", "refused",
        )  # fmt: skip
        read_only_fields = fields


class ImportSerializer(ImportRowSerializer):
    """One import in whatever state it is; `done` of `rows` while a task is at it."""

    done = serializers.SerializerMethodField()
    has_header = serializers.SerializerMethodField()
    columns = serializers.SerializerMethodField(help_text=_("Of the file, while they may still be chosen."))
    errors = serializers.SerializerMethodField(help_text=_("The first rows that were refused, and why."))  # type: ignore[assignment] # DRF: fields shadow attributes
    can_undo = serializers.SerializerMethodField()

    class Meta(ImportRowSerializer.Meta):
        fields = (
            *ImportRowSerializer.Meta.fields,
            "done", "has_header", "duplicates", "mapping", "columns", "errors", "message", "can_undo", "undone",
        )  # fmt: skip
        read_only_fields = fields

    def get_done(self, source: Import) -> int:
        return services.progress_of(source) if source.is_moving else 0

    def get_has_header(self, source: Import) -> bool:
        return bool(source.reading.get("has_header"))

    def get_columns(self, source: Import) -> list[dict[str, Any]]:
        if not source.is_open:
            return []
        found = enumerate(ColumnsForm(source).columns())
        return [{"number": str(n), "header": one["header"], "samples": one["samples"]} for n, one in found]

    def get_errors(self, source: Import) -> list[dict[str, Any]]:
        return [{"row": row, "message": message} for row, message in source.errors]

    def get_can_undo(self, source: Import) -> bool:
        return services.can_undo(source)


class CheckSerializer(StrictSerializer):
    """Where each column leads: {"0": "name", "2": "custom.pool"} of clients. What is not named is left out."""

    mapping = serializers.DictField(child=serializers.CharField(max_length=80), allow_empty=False)
    has_header = serializers.BooleanField(required=False)
    duplicates = serializers.ChoiceField(choices=Import.Duplicates.choices, default=Import.Duplicates.SKIP)

    def validate_mapping(self, given: dict[str, str]) -> dict[str, str]:
        source = self.context["source"]
        known = {field.key for field in fields_of(source.kind)}
        width = ColumnsForm(source).width
        numbers = {str(number) for number in range(width)}
        wrong = {number[:20]: _("There is no such column.") for number in given if number not in numbers}
        wrong |= {number: _("There is no such field.") for number, key in given.items() if key not in known | {""}}
        if wrong:
            raise serializers.ValidationError(wrong, code="unknown_field")
        return {number: key for number, key in given.items() if key}


class ExportSerializer(serializers.ModelSerializer):
    class Meta:
        model = Export
        fields = ("id", "file_name", "state", "rows", "created_at", "expires_at")
        read_only_fields = fields


class OrderSerializer(StrictSerializer):
    """`ids`: these clients and no others; without them, what the query parameters of the list would show."""

    kind = serializers.ChoiceField(choices=["xlsx", "csv"], default="xlsx")
    columns = Several(
        child=serializers.CharField(max_length=80),
        required=False,
        max_length=200,
        help_text=_("Keys of the columns; without them, the usual ones."),
    )
    ids = Several(child=serializers.UUIDField(), required=False, max_length=MAX_IDS)

    def validate_columns(self, given: list[str]) -> list[str]:
        known = {column.key for column in cells.offered(CustomField.objects.all())}
        unknown = [key for key in given if key not in known]
        if unknown:
            raise serializers.ValidationError(_("There is no such column."), code="unknown_column")
        return given
