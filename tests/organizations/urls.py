"""Views that exist only for the tests of sign-in and permissions."""

from django.http import HttpRequest, HttpResponse
from django.urls import path
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from shared_apps.organizations.permissions import Permission, Public, SignedIn, public, requires


class ByMethod(APIView):
    permissions = {"get": Permission.CLIENTS_VIEW, "post": Permission.FIELDS_MANAGE}

    def get(self, request: Request) -> Response:
        return Response({"role": request.member.role, "email": request.user.email})  # type: ignore[attr-defined]

    def post(self, request: Request) -> Response:
        return Response({}, status=201)


class ForMembers(ByMethod):
    permissions = None  # type: ignore[assignment]
    permission = SignedIn


class ForAll(ByMethod):
    permissions = None  # type: ignore[assignment]
    permission = Public

    def get(self, request: Request) -> Response:
        return Response({"hello": "everybody"})


class Nameless(ByMethod):
    permissions = None  # type: ignore[assignment]


@requires(Permission.TEAM_MANAGE)
def guarded(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request.member.role)  # type: ignore[attr-defined]


@public
def open_to_all(request: HttpRequest) -> HttpResponse:
    return HttpResponse("hello")


urlpatterns = [
    path("by-method/", ByMethod.as_view()),
    path("for-members/", ForMembers.as_view()),
    path("for-all/", ForAll.as_view()),
    path("nameless/", Nameless.as_view()),
    path("guarded/", guarded),
    path("open-to-all/", open_to_all),
]
