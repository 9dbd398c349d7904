"""OpenAPI: what every operation shares, so that a view only says what is its own."""

from __future__ import annotations

from typing import Any, Literal

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema_serializer
from rest_framework import serializers

from shared_apps.web.api.problems import MEDIA_TYPE

PAGE_PARAMETERS = [
    OpenApiParameter("page", int, description="From 1. Past the last page: 404."),
    OpenApiParameter("page_size", int, description="Rows of a page, 50 unless told, at most 200."),
]
_IF_MATCH = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, description="The ETag being changed. Stale: 412."
)
_IF_MATCH_REQUIRED = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    required=True,
    description="The ETag being changed. Stale: 412; none: 428.",
)
_KEY = OpenApiParameter(
    "Idempotency-Key", str, OpenApiParameter.HEADER, description="Sent twice within a day, the request is done once."
)


class ProblemErrorSerializer(serializers.Serializer):
    field = serializers.CharField()
    code = serializers.CharField()
    message = serializers.CharField()


class ProblemSerializer(serializers.Serializer):
    """RFC 9457. `code` is stable; members that a code adds stand beside these."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    code = serializers.CharField()
    instance = serializers.CharField()
    request_id = serializers.CharField(required=False)
    errors = ProblemErrorSerializer(many=True)  # type: ignore[assignment] # DRF: fields shadow attributes


class Schema(AutoSchema):
    """Adds problem answers and the headers that a method takes (`takes_idempotency_key`, `if_match` on the view)."""

    def get_override_parameters(self) -> list[Any]:
        action = getattr(self.view, getattr(self.view, "action", None) or self.method.lower(), None)
        extra = [_KEY] if self.method == "POST" and getattr(action, "takes_idempotency_key", False) else []
        if getattr(self.view, "if_match", False):
            extra += {"PUT": [_IF_MATCH_REQUIRED], "PATCH": [_IF_MATCH_REQUIRED], "DELETE": [_IF_MATCH]}.get(
                self.method, []
            )
        return [*super().get_override_parameters(), *extra]

    def _get_response_bodies(self, direction: Literal["request", "response"] = "response") -> dict[str, Any]:
        bodies = super()._get_response_bodies(direction)
        if not self.path.startswith("/api/"):
            return bodies
        describe: Any = self._get_response_for_code
        refused = OpenApiResponse(ProblemSerializer, description="Refused (RFC 9457).")
        bodies.setdefault("4XX", describe(refused, "4XX", media_types=[MEDIA_TYPE]))
        bodies.setdefault("503", describe(refused, "503", media_types=[MEDIA_TYPE]))
        return bodies


def page_of(row: type[serializers.Serializer]) -> type[serializers.Serializer]:
    """The document of a list of `row`: what `rows.answer` sends."""
    fields = {
        "count": serializers.IntegerField(help_text="Exact up to 10,000; see count_capped."),
        "count_capped": serializers.BooleanField(help_text="True: there are more than `count`."),
        "next": serializers.URLField(allow_null=True),
        "previous": serializers.URLField(allow_null=True),
        "results": row(many=True),
    }
    page = type(f"{row.__name__.removesuffix('Serializer')}PageSerializer", (serializers.Serializer,), fields)
    return extend_schema_serializer(many=False)(page)  # or a view's `list` would be described as a list of pages
