"""From a request to checked values, and from a thing to an answer."""

from __future__ import annotations

from typing import Any

import orjson
from django.http import HttpResponse
from django.urls import reverse
from rest_framework.request import Request
from rest_framework.serializers import BaseSerializer

from shared_apps.web.api.etags import etag


def validated(serializer: type[BaseSerializer], request: Request, *, instance: Any = None) -> dict[str, Any]:
    """The body, checked; with an instance, only of the fields that are given. Raises DRF's ValidationError."""
    bound = serializer(instance, data=request.data, partial=instance is not None)
    bound.is_valid(raise_exception=True)
    values: dict[str, Any] = bound.validated_data
    return values


def represent(
    request: Request, thing: Any, serializer: type[BaseSerializer], *, status: int = 200, url_name: str = ""
) -> HttpResponse:
    """The thing as JSON, with its ETag if it has a version and its address if `url_name` names the view that shows it.

    Bytes at once, past DRF's renderer, so that the answer can be kept and replayed. Decimals are strings.
    """
    response = HttpResponse(
        orjson.dumps(serializer(thing).data, default=str),
        status=status,
        content_type="application/json",
    )
    if hasattr(thing, "version"):
        response["ETag"] = etag(thing)
    if url_name:
        response["Location"] = request.build_absolute_uri(reverse(url_name, args=[thing.pk]))
    return response
