"""The proof that the suite is generated: what it does not know makes it complain."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import include, path, re_path
from rest_framework import viewsets
from rest_framework.response import Response
from rest_framework.routers import DefaultRouter
from rest_framework.views import APIView

from shared_apps.organizations.permissions import Permission, Public, SignedIn, requires
from tests.isolation.endpoints import walk
from tests.isolation.rows import uncovered


class Plain(APIView):
    permission = None
    permissions = {"get": Permission.CLIENTS_VIEW, "delete": Permission.CLIENTS_ARCHIVE}

    def get(self, request: object) -> Response:
        return Response()

    def delete(self, request: object) -> Response:
        return Response()

    def put(self, request: object) -> Response:
        return Response()


class Things(viewsets.ViewSet):
    permission = Permission.CLIENTS_VIEW

    def list(self, request: object) -> Response:
        return Response()

    def create(self, request: object) -> Response:
        return Response()

    def retrieve(self, request: object, pk: str) -> Response:
        return Response()


@requires(Permission.TEAM_VIEW)
def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def forgotten(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


router = DefaultRouter()
router.register("things", Things, basename="thing")
PATTERNS = [
    path("plain/<uuid:plain_id>/", Plain.as_view()),
    path("initialised/", Plain.as_view(permissions=None, permission=SignedIn)),
    path("", include(router.urls)),
    re_path(r"^old/(?P<year>[0-9]{4})/$", page),
    path("forgotten/", forgotten),
]


def test_every_kind_of_view_and_pattern_is_found_with_its_permission() -> None:
    found = {str(endpoint): endpoint.required for endpoint in walk(PATTERNS)}
    assert (
        found.items()
        >= {
            "GET /plain/<uuid:plain_id>/": Permission.CLIENTS_VIEW,
            "DELETE /plain/<uuid:plain_id>/": Permission.CLIENTS_ARCHIVE,
            "PUT /plain/<uuid:plain_id>/": None,
            "GET /initialised/": SignedIn,
            "GET /^things/$": Permission.CLIENTS_VIEW,
            "POST /^things/$": Permission.CLIENTS_VIEW,
            "GET /^things/(?P<pk>[^/.]+)/$": Permission.CLIENTS_VIEW,
            "GET /^old/(?P<year>[0-9]{4})/$": Permission.TEAM_VIEW,
            "POST /^old/(?P<year>[0-9]{4})/$": Permission.TEAM_VIEW,
            "GET /forgotten/": None,
            "POST /forgotten/": None,
        }.items()
    )
    assert Public not in found.values()
    assert any("format" in route for route in found)  # `things.json`, which the router adds unasked


def test_a_new_url_is_missed_until_it_has_a_row() -> None:
    missed = uncovered(list(walk(PATTERNS)))
    assert "POST /^things/$" in missed
    assert "GET /plain/<uuid:plain_id>/" in missed
    assert "DELETE /plain/<uuid:plain_id>/" in missed
    assert "GET /initialised/" not in missed  # asks for nothing: the suite can call it by itself
