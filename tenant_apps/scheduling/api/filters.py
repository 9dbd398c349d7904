"""Query parameters of the calendar's lists, each checked: a wrong or unknown one is a 400 that names it."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from shared_apps.web.api import params
from shared_apps.web.api.errors import InvalidParameter
from shared_apps.web.api.schema import PAGE_PARAMETERS
from tenant_apps.scheduling.models import Appointment, AppointmentQuerySet, Booking

CANCELLED = ("false", "true", "all")
PARAMETERS = [
    *PAGE_PARAMETERS,
    OpenApiParameter("from", str, description="A date, or a date and time: what ends after it."),
    OpenApiParameter("until", str, description="A date (all of it), or a date and time: what starts before it."),
    OpenApiParameter("member", str, description="A professional's identifier; `none`: nobody's yet."),
    OpenApiParameter("client", str),
    OpenApiParameter("contract", str),
    OpenApiParameter("status", str, enum=Appointment.Status.values),
    OpenApiParameter("cancelled", str, enum=CANCELLED, description="`false` unless told."),
    OpenApiParameter("ordering", str, enum=["starts_at", "-starts_at"], description="`starts_at` unless told."),
]
_NAMES = frozenset("page page_size from until member client contract status cancelled ordering".split())  # noqa: SIM905


def key(request: Request, name: str) -> UUID | None:
    value = params.text(request, name)
    if not value:
        return None
    try:
        return UUID(value)
    except ValueError as error:
        raise InvalidParameter(name, _("This is not an identifier."), "invalid_identifier") from error


def appointments(request: Request) -> AppointmentQuerySet:
    """Those that are asked for, in order. Raises InvalidParameter."""
    params.check_names(request, _NAMES)
    found = Appointment.objects.all()
    cancelled = params.choice(request, "cancelled", CANCELLED, "false")
    if cancelled != "all":
        found = found.exclude(cancellation=None) if cancelled == "true" else found.standing()
    if start := params.moment(request, "from"):
        found = found.filter(ends_at__gt=start)
    if end := params.moment(request, "until", end=True):
        found = found.filter(starts_at__lt=end)
    if params.text(request, "member") == "none":
        found = found.filter(bookings=None)
    elif member := key(request, "member"):
        found = found.filter(pk__in=Booking.objects.filter(member=member).values("appointment"))
    if client := key(request, "client"):
        found = found.filter(client=client)
    if contract := key(request, "contract"):
        found = found.filter(contract=contract)
    if status := params.choice(request, "status", Appointment.Status.values):
        found = found.filter(status=status)
    ordering = params.choice(request, "ordering", ("starts_at", "-starts_at"), "starts_at")
    return found.order_by(ordering, "-pk" if ordering.startswith("-") else "pk")
