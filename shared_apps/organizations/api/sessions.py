"""Where I am signed in to this organization, at /api/v1/auth/sessions/: pages and apps."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Q
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from shared_apps.core.errors import NotThere
from shared_apps.organizations import serializers, sessions
from shared_apps.organizations.api.answers import organization_of, user_id_of
from shared_apps.organizations.permissions import SignedIn


class SessionsView(APIView):
    permission = SignedIn

    @extend_schema(operation_id="auth_sessions", responses=serializers.SessionsSerializer)
    def get(self, request: Request) -> Response:
        """My sign-ins that can be used, the last used first."""
        found = sessions.standing(user_id_of(request), organization_id=organization_of(request))
        current: UUID = request.session_id  # type: ignore[attr-defined] # set by the sign-in
        return Response({"sessions": [serializers.session(one, current=one.pk == current) for one in found]})


class SessionView(APIView):
    permission = SignedIn

    @extend_schema(operation_id="auth_sessions_end", responses={204: None})
    def delete(self, request: Request, pk: UUID) -> Response:
        """Sign out there, or here. Holds from the next request on."""
        if not sessions.end_elsewhere(_mine(request) & Q(pk=pk)):
            raise NotThere
        return Response(status=204)


class OtherSessionsView(APIView):
    permission = SignedIn

    @extend_schema(operation_id="auth_sessions_end_others", responses={204: None})
    def delete(self, request: Request) -> Response:
        """Sign out everywhere else in this organization."""
        sessions.end_elsewhere(_mine(request) & ~Q(pk=request.session_id))  # type: ignore[attr-defined] # set by the sign-in
        return Response(status=204)


def _mine(request: Request) -> Any:
    return Q(user_id=user_id_of(request), organization_id=organization_of(request))
