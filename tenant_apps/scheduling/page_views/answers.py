"""What the calendar's pages share: finding, and saying what was done."""

from __future__ import annotations

from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model
from django.http import HttpRequest

from shared_apps.core.errors import NotThere
from shared_apps.organizations.permissions import Permission, allows
from tenant_apps.clients.models import Client
from tenant_apps.clients.page_views.answers import back, member_of, uuid_or_none
from tenant_apps.scheduling.models import Appointment
from tenant_apps.scheduling.queries import with_everything

__all__ = ["appointment_found", "back", "client_found", "found", "manages", "member_of", "uuid_or_none"]
M = TypeVar("M", bound=Model)


def found(model: type[M], pk: Any) -> M:
    """Raises NotThere."""
    thing = model._default_manager.filter(pk=pk).first()
    if thing is None:
        raise NotThere
    return thing


def appointment_found(pk: UUID) -> Appointment:
    """With everything that is shown of it. Raises NotThere."""
    appointment = with_everything(Appointment.objects.filter(pk=pk)).first()
    if appointment is None:
        raise NotThere
    return appointment


def client_found(pk: UUID) -> Client:
    client = Client.objects.defer("search").filter(pk=pk).first()
    if client is None:
        raise NotThere
    return client


def manages(request: HttpRequest) -> bool:
    return allows(member_of(request).role, Permission.SCHEDULE_MANAGE)
