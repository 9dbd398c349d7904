"""/api/v1/appointments/."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.viewsets import ViewSet

from shared_apps.core.errors import NotThere
from shared_apps.organizations.permissions import Permission
from shared_apps.web.api import etags
from shared_apps.web.api.answers import represent, validated
from shared_apps.web.api.idempotency import idempotent
from shared_apps.web.api.pagination import serialized_page
from shared_apps.web.api.schema import page_of
from tenant_apps.clients.api.clients import found as client_found
from tenant_apps.scheduling import access, services
from tenant_apps.scheduling.api import filters
from tenant_apps.scheduling.models import Appointment
from tenant_apps.scheduling.queries import with_everything
from tenant_apps.scheduling.serializers import (
    AppointmentChangeSerializer,
    AppointmentSerializer,
    CancellationSerializer,
)
from tenant_apps.team.actor import actor_of

_RENAMED = {"bookings": "member_ids", "place_id": "place"}


def found(pk: UUID) -> Appointment:
    """Raises NotThere."""
    appointment = with_everything(Appointment.objects.filter(pk=pk)).first()
    if appointment is None:
        raise NotThere
    return appointment


def given(values: dict[str, Any]) -> dict[str, Any]:
    """What the services call it."""
    return {_RENAMED.get(name, name): value for name, value in values.items()}


class AppointmentViewSet(ViewSet):
    permissions = {
        "list": Permission.SCHEDULE_VIEW,
        "retrieve": Permission.SCHEDULE_VIEW,
        "create": Permission.SCHEDULE_MANAGE,
        "partial_update": Permission.SCHEDULE_MANAGE,
        "cancel": Permission.SCHEDULE_MANAGE,
        "restore": Permission.SCHEDULE_MANAGE,
        "confirm": Permission.SCHEDULE_MANAGE,
        "start": Permission.VISITS_REPORT,
        "complete": Permission.VISITS_REPORT,
        "no_show": Permission.VISITS_REPORT,
        "reopen": Permission.SCHEDULE_MANAGE,
        "reopen_no_show": Permission.SCHEDULE_MANAGE,
        "reopen_started": Permission.SCHEDULE_MANAGE,
    }
    lookup_value_converter = "uuid"
    if_match = True

    @extend_schema(parameters=filters.PARAMETERS, responses=page_of(AppointmentSerializer))
    def list(self, request: Request) -> HttpResponse:
        return serialized_page(request, with_everything(filters.appointments(request)), AppointmentSerializer)

    @extend_schema(request=AppointmentSerializer, responses={201: AppointmentSerializer})
    @idempotent
    def create(self, request: Request) -> HttpResponse:
        """Book. A professional who is taken: 409 `double_booked` with `collisions` and `alternatives`; nobody works
        then: 409 `not_working`, which `overrule` lets pass.
        """
        values = given(validated(AppointmentSerializer, request))
        client = client_found(values.pop("client_id"))
        values.setdefault("member_ids", [])
        made = services.book_appointment(actor=actor_of(request), client=client, **values)
        return represent(request, found(made.pk), AppointmentSerializer, status=201, url_name="appointment-detail")

    @extend_schema(responses=AppointmentSerializer)
    def retrieve(self, request: Request, pk: UUID) -> HttpResponse:
        appointment = found(pk)
        if etags.is_known(request, appointment):
            return etags.not_modified(appointment)
        return represent(request, appointment, AppointmentSerializer)

    @extend_schema(request=AppointmentChangeSerializer(partial=True), responses=AppointmentSerializer)
    def partial_update(self, request: Request, pk: UUID) -> HttpResponse:
        """Change or move; with `scope` the visits of its contract as well."""
        appointment, expected = found(pk), etags.expected_versions(request)
        changes = given(validated(AppointmentChangeSerializer, request, instance=appointment))
        changed = services.change_visit(appointment, actor=actor_of(request), expected=expected, **changes)
        return represent(request, found(changed.pk), AppointmentSerializer)

    @extend_schema(request=CancellationSerializer, responses=AppointmentSerializer)
    @action(detail=True, methods=["post"], url_path="cancellation", url_name="cancellation")
    @idempotent
    def cancel(self, request: Request, pk: UUID) -> HttpResponse:
        """Call it off: the professionals are free again."""
        reason = validated(CancellationSerializer, request).get("reason", "")
        return self._do(request, pk, services.cancel_appointment, reason=reason)

    @extend_schema(responses={204: None})
    @cancel.mapping.delete
    def restore(self, request: Request, pk: UUID) -> HttpResponse:
        """Take the cancellation back; 409 `double_booked` if a professional is taken by now."""
        return self._undo(request, pk, services.restore_appointment)

    @extend_schema(request=None, responses=AppointmentSerializer)
    @action(detail=True, methods=["post"], url_path="confirmation", url_name="confirmation")
    @idempotent
    def confirm(self, request: Request, pk: UUID) -> HttpResponse:
        return self._do(request, pk, services.confirm_appointment)

    @extend_schema(request=None, responses=AppointmentSerializer)
    @action(detail=True, methods=["post"], url_path="start", url_name="start")
    @idempotent
    def start(self, request: Request, pk: UUID) -> HttpResponse:
        """Under way from now on; one's own, unless one manages the calendar."""
        return self._report(request, pk, services.start_appointment)

    @extend_schema(responses={204: None})
    @start.mapping.delete
    def reopen_started(self, request: Request, pk: UUID) -> HttpResponse:
        """It has not begun after all."""
        return self._undo(request, pk, services.reopen_appointment)

    @extend_schema(request=None, responses=AppointmentSerializer)
    @action(detail=True, methods=["post"], url_path="completion", url_name="completion")
    @idempotent
    def complete(self, request: Request, pk: UUID) -> HttpResponse:
        """Done."""
        return self._report(request, pk, services.complete_appointment)

    @extend_schema(responses={204: None})
    @complete.mapping.delete
    def reopen(self, request: Request, pk: UUID) -> HttpResponse:
        """It is not done after all."""
        return self._undo(request, pk, services.reopen_appointment)

    @extend_schema(request=None, responses=AppointmentSerializer)
    @action(detail=True, methods=["post"], url_path="no-show", url_name="no-show")
    @idempotent
    def no_show(self, request: Request, pk: UUID) -> HttpResponse:
        """Nobody was there."""
        return self._report(request, pk, services.mark_no_show)

    @extend_schema(responses={204: None})
    @no_show.mapping.delete
    def reopen_no_show(self, request: Request, pk: UUID) -> HttpResponse:
        """Somebody was there after all."""
        return self._undo(request, pk, services.reopen_appointment)

    def _do(self, request: Request, pk: UUID, service: Any, **more: Any) -> HttpResponse:
        expected = etags.expected_versions(request, required=False)
        service(found(pk), actor=actor_of(request), expected=expected, **more)
        return represent(request, found(pk), AppointmentSerializer)

    def _report(self, request: Request, pk: UUID, service: Any) -> HttpResponse:
        access.require_own(found(pk), actor_of(request))
        return self._do(request, pk, service, at=timezone.now())

    def _undo(self, request: Request, pk: UUID, service: Any) -> HttpResponse:
        self._do(request, pk, service)
        return HttpResponse(status=204)
