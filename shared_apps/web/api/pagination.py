"""Pages of a short list that goes through a serializer. Hot lists use `rows`; the document is the same."""

from __future__ import annotations

from typing import Any

import orjson
from django.db.models import QuerySet
from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.request import Request

from shared_apps.web.api import params, rows
from shared_apps.web.api.errors import PageNotFound


def serialized_page(
    request: Request, queryset: QuerySet, serializer: type[serializers.BaseSerializer], **context: Any
) -> HttpResponse:
    """Page `queryset`, which is ordered, as the request asks. Raises PageNotFound, InvalidParameter."""
    number, size = params.page_and_size(request)
    offset = (number - 1) * size
    found = list(queryset[offset : offset + size + 1])
    if not found and number > 1:
        raise PageNotFound
    count = len(found) if number == 1 and len(found) <= size else queryset[: rows.COUNT_CAP + 1].count()
    made = serializer(found[:size], many=True, context=context).data
    texts = [orjson.dumps(row, default=str).decode() for row in made]
    page = rows.Page(texts, number, min(count, rows.COUNT_CAP), count > rows.COUNT_CAP, len(found) > size)
    return rows.answer(request, page)
