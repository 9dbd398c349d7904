"""/api/v1/working-hours/, /days-off/, /schedule-policy/ and /free-slots/."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import timedelta
from itertools import islice
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import orjson
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView
from rest_framework.viewsets import ViewSet

from shared_apps.core.errors import FieldError, NotThere
from shared_apps.organizations.permissions import Permission
from shared_apps.web.api import params
from shared_apps.web.api.answers import represent, validated
from shared_apps.web.api.errors import InvalidParameter
from shared_apps.web.api.idempotency import idempotent
from shared_apps.web.api.pagination import serialized_page
from shared_apps.web.api.schema import PAGE_PARAMETERS, page_of
from tenant_apps.clients.api.places import found
from tenant_apps.scheduling import availability, guards, local, services
from tenant_apps.scheduling.models import DayOff, WorkingHours
from tenant_apps.scheduling.serializers import DayOffSerializer, HoursSerializer, PolicySerializer, SlotsSerializer
from tenant_apps.team.actor import actor_of
from tenant_apps.team.models import Member

MOST_SLOTS = 100
MOST_DAYS = 31


def with_hours(members: Collection[Member]) -> list[Any]:
    rows: dict[UUID, list[WorkingHours]] = defaultdict(list)
    for row in WorkingHours.objects.filter(member__in=[member.pk for member in members]):
        rows[row.member_id].append(row)
    return [SimpleNamespace(pk=one.pk, name=str(one), hours=rows[one.pk]) for one in members]


class WorkingHoursViewSet(ViewSet):
    permissions = {
        "list": Permission.SCHEDULE_VIEW,
        "retrieve": Permission.SCHEDULE_VIEW,
        "update": Permission.SCHEDULE_MANAGE,
    }
    lookup_value_converter = "uuid"

    @extend_schema(responses=HoursSerializer(many=True))
    def list(self, request: Request) -> HttpResponse:
        """Each active member's; without hours, somebody may be booked at any time."""
        members = with_hours(list(Member.objects.filter(is_active=True).order_by("name", "pk")))
        return HttpResponse(
            orjson.dumps(HoursSerializer(members, many=True).data, default=str), content_type="application/json"
        )

    @extend_schema(responses=HoursSerializer)
    def retrieve(self, request: Request, pk: UUID) -> HttpResponse:
        return represent(request, with_hours([found(Member, pk)])[0], HoursSerializer)

    @extend_schema(request=HoursSerializer, responses=HoursSerializer)
    def update(self, request: Request, pk: UUID) -> HttpResponse:
        """Make these the member's hours."""
        member, rows = found(Member, pk), validated(HoursSerializer, request)["hours"]
        hours = [(row["weekday"], row["starts"], row["ends"]) for row in rows]
        services.set_working_hours(member, hours, actor=actor_of(request))
        return represent(request, with_hours([member])[0], HoursSerializer)


class DayOffViewSet(ViewSet):
    permissions = {
        "list": Permission.SCHEDULE_VIEW,
        "create": Permission.SCHEDULE_MANAGE,
        "destroy": Permission.SCHEDULE_MANAGE,
    }
    lookup_value_converter = "uuid"

    @extend_schema(parameters=PAGE_PARAMETERS, responses=page_of(DayOffSerializer))
    def list(self, request: Request) -> HttpResponse:
        return serialized_page(request, DayOff.objects.order_by("-starts_on", "pk"), DayOffSerializer)

    @extend_schema(request=DayOffSerializer, responses={201: DayOffSerializer})
    @idempotent
    def create(self, request: Request) -> HttpResponse:
        values = validated(DayOffSerializer, request)
        member_id = values.pop("member_id", None)
        member = Member.objects.filter(pk=member_id).first() if member_id else None
        if member_id and member is None:
            raise FieldError("member", _("One of the professionals is not in the team."), "unknown_member")
        made = services.add_day_off(actor=actor_of(request), member=member, **values)
        return represent(request, made, DayOffSerializer, status=201)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: UUID) -> HttpResponse:
        services.remove_day_off(found(DayOff, pk), actor=actor_of(request))
        return HttpResponse(status=204)


class PolicyView(APIView):
    permissions = {"get": Permission.SCHEDULE_VIEW, "patch": Permission.SCHEDULE_MANAGE}

    @extend_schema(responses=PolicySerializer)
    def get(self, request: Request) -> HttpResponse:
        return represent(request, services.policy(), PolicySerializer)

    @extend_schema(request=PolicySerializer(partial=True), responses=PolicySerializer)
    def patch(self, request: Request) -> HttpResponse:
        changes = validated(PolicySerializer, request, instance=services.policy())
        return represent(request, services.change_policy(actor=actor_of(request), **changes), PolicySerializer)


class FreeSlotsView(APIView):
    permission = Permission.SCHEDULE_VIEW

    @extend_schema(
        parameters=[
            OpenApiParameter("member", str, many=True, required=True, description="All of these must be free."),
            OpenApiParameter("duration", int, description="Minutes; 60 unless told."),
            OpenApiParameter("from", str, description="A date; today unless told."),
            OpenApiParameter("days", int, description="How many days; 7 unless told, at most 31."),
        ],
        responses=SlotsSerializer,
    )
    def get(self, request: Request) -> HttpResponse:
        """When they can be booked: at most 100 times, half an hour apart."""
        params.check_names(request, {"member", "duration", "from", "days"})
        now = timezone.now()
        wish = params.moment(request, "from") or now
        try:
            guards.day_within(wish.date(), "from", today=now.date())
        except FieldError as error:
            raise InvalidParameter("from", error.detail, error.code) from error
        slots = availability.free_slots(
            self._members(request),
            duration=timedelta(minutes=self._number(request, "duration", 60, guards.MOST_MINUTES)),
            first=local.day_of(wish),
            days=self._number(request, "days", 7, MOST_DAYS),
            not_before=now,
        )
        results = [slot.as_dict() for slot in islice(slots, MOST_SLOTS)]
        return HttpResponse(orjson.dumps({"results": results}), content_type="application/json")

    def _members(self, request: Request) -> list[UUID]:
        given = request.query_params.getlist("member")
        try:
            wanted = {UUID(one) for one in given}
        except ValueError as error:
            raise InvalidParameter("member", _("This is not an identifier."), "invalid_identifier") from error
        if not wanted or len(wanted) > guards.MOST_MEMBERS:
            message = _("From 1 to %(limit)s.") % {"limit": guards.MOST_MEMBERS}
            raise InvalidParameter("member", message, "out_of_range")
        members = list(Member.objects.filter(pk__in=wanted, is_active=True).values_list("pk", flat=True))
        if len(members) != len(wanted):
            raise NotThere
        return members

    def _number(self, request: Request, name: str, default: int, most: int) -> int:
        value = params.text(request, name) or str(default)
        if not (value.isascii() and value.isdecimal() and 0 < int(value[:9]) <= most):
            raise InvalidParameter(name, _("From 1 to %(limit)s.") % {"limit": most}, "out_of_range")
        return int(value)
