"""The list's query parameters, each checked: a wrong or unknown one is a 400 that names it."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from shared_apps.web.api import params
from shared_apps.web.api.errors import InvalidParameter
from shared_apps.web.api.schema import PAGE_PARAMETERS
from tenant_apps.finance.models import Kind, Method
from tenant_apps.finance.payment_queries import STATES as PAYMENT_STATES
from tenant_apps.finance.payment_queries import PaymentsWanted
from tenant_apps.finance.queries import ORDERINGS, Wanted

STATES = ("open", "partial", "overdue", "paid", "cancelled", "all")
_FILTERS = [
    OpenApiParameter("search", str, description="Words of the description, the client or the party."),
    OpenApiParameter("kind", str, enum=Kind.values),
    OpenApiParameter("status", str, enum=STATES, description="Without it: whatever is not cancelled."),
    OpenApiParameter("client", UUID),
    OpenApiParameter("category", UUID),
    OpenApiParameter("contract", UUID),
    OpenApiParameter("group", UUID, description="The instalments of one purchase."),
    OpenApiParameter("due_from", date),
    OpenApiParameter("due_until", date),
    OpenApiParameter("issued_from", date),
    OpenApiParameter("issued_until", date),
]
PARAMETERS = [
    *PAGE_PARAMETERS,
    *_FILTERS,
    OpenApiParameter("ordering", str, enum=sorted(ORDERINGS), description="`due_on` unless told."),
]
FILTERS = _FILTERS
_NAMES = frozenset({"page", "page_size", "ordering", *(one.name for one in FILTERS)})
PAYMENT_FILTERS = [
    OpenApiParameter("kind", str, enum=Kind.values),
    OpenApiParameter("method", str, enum=Method.values),
    OpenApiParameter("status", str, enum=PAYMENT_STATES, description="Without it: also those that were reversed."),
    OpenApiParameter("client", UUID),
    OpenApiParameter("category", UUID),
    OpenApiParameter("paid_from", date),
    OpenApiParameter("paid_until", date),
]
PAYMENT_PARAMETERS = [*PAGE_PARAMETERS, *PAYMENT_FILTERS]


def wanted(request: Request) -> Wanted:
    """Raises InvalidParameter."""
    if not request.query_params:
        return Wanted()
    params.check_names(request, _NAMES)
    return Wanted(
        search=params.text(request, "search"),
        kind=params.choice(request, "kind", Kind.values),
        state=params.choice(request, "status", STATES),
        client=identifier(request, "client"),
        category=identifier(request, "category"),
        contract=identifier(request, "contract"),
        group=identifier(request, "group"),
        due_from=day(request, "due_from"),
        due_until=day(request, "due_until"),
        issued_from=day(request, "issued_from"),
        issued_until=day(request, "issued_until"),
    )


def payments_wanted(request: Request) -> PaymentsWanted:
    """Raises InvalidParameter."""
    params.check_names(request, {"page", "page_size", *(one.name for one in PAYMENT_FILTERS)})
    return PaymentsWanted(
        kind=params.choice(request, "kind", Kind.values),
        method=params.choice(request, "method", Method.values),
        state=params.choice(request, "status", PAYMENT_STATES),
        client=identifier(request, "client"),
        category=identifier(request, "category"),
        paid_from=day(request, "paid_from"),
        paid_until=day(request, "paid_until"),
    )


def ordering(request: Request) -> tuple[str, ...]:
    return ORDERINGS[params.choice(request, "ordering", ORDERINGS, "due_on")]


def identifier(request: Request, name: str) -> UUID | None:
    value = params.text(request, name)
    try:
        return UUID(value) if value else None
    except ValueError as error:
        raise InvalidParameter(name, _("This is no identifier."), "invalid") from error


def day(request: Request, name: str) -> date | None:
    value = params.text(request, name)
    try:
        found = parse_date(value) if value else None
    except ValueError:
        found = None
    if value and found is None:
        raise InvalidParameter(name, _("A date such as 2026-11-23."), "invalid_date")
    return found
