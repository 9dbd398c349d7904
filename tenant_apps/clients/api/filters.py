"""The list's query parameters, each checked: a wrong or unknown one is a 400 that names it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from shared_apps.core.errors import FieldError
from shared_apps.web.api import params
from shared_apps.web.api.errors import InvalidParameter
from shared_apps.web.api.schema import PAGE_PARAMETERS
from tenant_apps.clients import custom, documents
from tenant_apps.clients.models import Client, CustomField
from tenant_apps.clients.queries import ORDERINGS, Wanted

CUSTOM = "custom."
_ARCHIVED = ("false", "true", "all")
_NAMES = frozenset(
    "page page_size search ordering kind tag city state document archived created_from created_until".split()  # noqa: SIM905
)
PARAMETERS = [
    *PAGE_PARAMETERS,
    OpenApiParameter(
        "search", str, description="Words that begin a word of name, CPF/CNPJ, phone (also its end) or city."
    ),
    OpenApiParameter("ordering", str, enum=sorted(ORDERINGS), description="`name` unless told."),
    OpenApiParameter("kind", str, enum=Client.Kind.values),
    OpenApiParameter("tag", str, many=True, description="Given more than once: all of them."),
    OpenApiParameter("city", str, description="The whole name; accents and case do not matter."),
    OpenApiParameter("state", str, enum=documents.STATES),
    OpenApiParameter("document", str, description="With or without punctuation."),
    OpenApiParameter("archived", str, enum=_ARCHIVED, description="`false` unless told."),
    OpenApiParameter("created_from", str, description="A date, or a date and time."),
    OpenApiParameter("created_until", str, description="A date (all of it), or a date and time."),
    OpenApiParameter(
        "custom",
        {"type": "object", "additionalProperties": {"type": "string"}},
        style="deepObject",
        explode=True,
        description="As `custom.<key>=value`: clients whose custom field has this value.",
    ),
]


def wanted(request: Request) -> Wanted:
    """Raises InvalidParameter."""
    if not request.query_params:
        return Wanted()
    params.check_names(request, _NAMES, prefixes=(CUSTOM,))
    return Wanted(
        search=params.text(request, "search"),
        city=params.text(request, "city"),
        state=params.choice(request, "state", documents.STATES),
        kind=params.choice(request, "kind", Client.Kind.values),
        document=documents.bare(params.text(request, "document")),
        tags=[tag for typed in request.query_params.getlist("tag") if (tag := " ".join(typed.lower().split()))],
        custom=_custom(request),
        archived=params.choice(request, "archived", _ARCHIVED, "false"),
        created_from=params.moment(request, "created_from"),
        created_before=params.moment(request, "created_until", end=True),
    )


def ordering(request: Request) -> tuple[str, ...]:
    return ORDERINGS[params.choice(request, "ordering", ORDERINGS, "name")]


def _custom(request: Request) -> dict[str, Any]:
    asked = {
        name.removeprefix(CUSTOM): str(value) for name, value in request.query_params.items() if name.startswith(CUSTOM)
    }
    if not asked:
        return {}
    known = {field.key: field for field in CustomField.objects.filter(key__in=asked)}
    for key in asked:
        if key not in known:
            raise InvalidParameter(f"{CUSTOM}{key[:60]}", _("There is no such custom field."), "unknown_field")
    try:
        return {key: custom.parsed(known[key], value) for key, value in asked.items()}
    except FieldError as error:
        raise InvalidParameter(error.field, error.message, error.code) from error
