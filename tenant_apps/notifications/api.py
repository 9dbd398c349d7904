"""/api/v1/notifications/ and /api/v1/notification-preferences/: one's own, whoever one is."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.helpers import forced_singular_serializer
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from shared_apps.organizations.permissions import SignedIn
from shared_apps.tenancy.requests import route_of
from shared_apps.web.api import params
from shared_apps.web.api.answers import validated
from shared_apps.web.api.pagination import serialized_page
from shared_apps.web.api.schema import PAGE_PARAMETERS, page_of
from tenant_apps.notifications import queries, services
from tenant_apps.notifications.models import Channel
from tenant_apps.notifications.serializers import (
    NotificationSerializer,
    PreferencesSerializer,
    ReadSerializer,
    UnreadSerializer,
)
from tenant_apps.team.actor import actor_of

_UNREAD = OpenApiParameter("unread", bool, description="true: only what was not read yet.")


class NotificationViewSet(ViewSet):
    permission = SignedIn
    lookup_value_converter = "uuid"

    @extend_schema(parameters=[_UNREAD, *PAGE_PARAMETERS], responses=page_of(NotificationSerializer))
    def list(self, request: Request) -> HttpResponse:
        """What one was told, newest first, in one's language."""
        params.check_names(request, ["unread", "page", "page_size"])
        found = queries.told(actor_of(request))
        if params.choice(request, "unread", ["true", "false"], "false") == "true":
            found = found.filter(read_at=None)
        firm = route_of(request).name
        return serialized_page(request, found, NotificationSerializer, firm=firm)

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"], url_path="read", url_name="read")
    def read(self, request: Request, pk: UUID) -> HttpResponse:
        """It was read. Again is no error."""
        services.mark_read(pk, member=actor_of(request), now=timezone.now())
        return HttpResponse(status=204)

    @extend_schema(request=None, responses=ReadSerializer)
    @action(detail=False, methods=["post"], url_path="read-all", url_name="read-all")
    def read_all(self, request: Request) -> Response:
        return Response({"marked": services.mark_all_read(member=actor_of(request), now=timezone.now())})

    @extend_schema(responses=UnreadSerializer)
    @action(detail=False, url_path="unread-count", url_name="unread-count")
    def unread_count(self, request: Request) -> Response:
        return Response({"count": queries.unread_count(actor_of(request), now=timezone.now())})


class PreferenceViewSet(ViewSet):
    permission = SignedIn

    @extend_schema(responses=forced_singular_serializer(PreferencesSerializer))  # type: ignore[no-untyped-call]
    def list(self, request: Request) -> Response:
        """Every event one is told of, and through which channels."""
        return _preferences(request)

    @extend_schema(request=PreferencesSerializer, responses=PreferencesSerializer)
    def update(self, request: Request) -> Response:
        """Change the ones named; the others stay."""
        given = validated(PreferencesSerializer, request)["preferences"]
        wanted = {(one["event"], Channel(one["channel"])): one["wanted"] for one in given}
        services.set_preferences(actor_of(request), wanted)
        return _preferences(request)


def _preferences(request: Request) -> Response:
    wanted = services.wanted_by(actor_of(request))
    rows = [{"event": key, "channel": channel, "wanted": answer} for (key, channel), answer in wanted.items()]
    return Response({"preferences": rows})
