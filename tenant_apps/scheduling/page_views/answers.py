"""What the calendar's pages share: finding, and saying what was done."""

from __future__ import annotations

from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model
from django.http import HttpRequest

from shared_apps.core import finding
from shared_apps.core.errors import NotThere
from shared_apps.organizations.permissions import Permission, allows
from tenant_apps.clients.models import Client
from tenant_apps.clients.page_views.answers import back
from tenant_apps.scheduling.models import Appointment
from tenant_apps.scheduling.queries import with_everything
from tenant_apps.team.actor import actor_of

__all__ = ["appointment_found", "back", "client_found", "found", "manages"]
M = TypeVar("M", bound=Model)


def found(model: type[M], pk: Any) -> M:
    """Raises NotThere."""
    return finding.one(model._default_manager.all(), pk)


def appointment_found(pk: UUID) -> Appointment:
    """With everything that is shown of it. Raises NotThere."""
    appointment = with_everything(Appointment.objects.filter(pk=pk)).first()
    if appointment is None:
        raise NotThere
    return appointment


def client_found(pk: UUID) -> Client:
    return finding.one(Client.objects.defer("search"), pk)


def manages(request: HttpRequest) -> bool:
    return allows(actor_of(request).role, Permission.SCHEDULE_MANAGE)
