"""Why a host is not served: a page of its own for people, problem+json (RFC 9457) for programs."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

import orjson
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shared_apps.tenancy.routing import Route


@dataclass(frozen=True, slots=True)
class Refusal:
    """`code` is stable; `retry_after` in seconds, for what passes by itself."""

    code: str
    status: int
    title: str | Promise
    detail: str | Promise
    retry_after: int = 0


BAD_HOST = Refusal("bad_host", 400, _("This is not an address"), _("The name in the address is not a valid host name."))
UNKNOWN_HOST = Refusal(
    "unknown_host",
    404,
    _("Nobody lives at this address"),
    _("There is no organization here. Check the spelling of the address, or ask the person who gave it to you."),
)
SUSPENDED = Refusal(
    "organization_suspended",
    403,
    _("Access is suspended"),
    _("This organization is suspended for now. Its records are kept; its owner can have it opened again."),
)
ARCHIVED = Refusal(
    "organization_archived",
    410,
    _("This organization is closed"),
    _("It was archived and is no longer served at this address."),
)
DELETING = Refusal(
    "organization_deleting",
    410,
    _("This organization is being deleted"),
    _("It is no longer served at this address."),
)
PREPARING = Refusal(
    "organization_preparing",
    503,
    _("Almost ready"),
    _("This organization is being set up. The page will open in a moment."),
    retry_after=5,
)
LAGGING = Refusal(
    "organization_lagging",
    503,
    _("Just a moment"),
    _("This organization is being brought up to date. Nothing is lost; try again in a moment."),
    retry_after=10,
)
UNAVAILABLE = Refusal(
    "temporarily_unavailable",
    503,
    _("We will be right back"),
    _("The service cannot be reached at the moment. Nothing is lost; try again in a moment."),
    retry_after=5,
)
BY_STATUS = {
    "pending": PREPARING,
    "provisioning": PREPARING,
    "suspended": SUSPENDED,
    "archived": ARCHIVED,
    "deleting": DELETING,
}


def of_route(route: Route | None) -> Refusal | None:
    """Why requests to this route are refused; None when they are let in."""
    if route is None:
        return UNKNOWN_HOST
    if route.is_served:
        return None
    return LAGGING if route.is_lagging else BY_STATUS.get(route.status, UNAVAILABLE)


def refuse(request: HttpRequest, refusal: Refusal, route: Route | None = None) -> HttpResponse:
    """The finished answer. Asks nothing of the database: it may be what is missing."""
    with translation.override(translation.get_language_from_request(request)):
        response = _problem(request, refusal) if wants_problem(request) else _page(refusal, route)
    response["Cache-Control"] = "no-store"
    response["Vary"] = "Accept, Accept-Language"
    if refusal.retry_after:
        response["Retry-After"] = str(refusal.retry_after)
    return response


def wants_problem(request: HttpRequest) -> bool:
    """The API always; elsewhere who accepts JSON and no page."""
    if request.path_info.startswith("/api/"):
        return True
    return not request.accepts("text/html") and (
        request.accepts("application/json") or request.accepts("application/problem+json")
    )


def _page(refusal: Refusal, route: Route | None) -> HttpResponse:
    values = {"refusal": refusal, "name": route.name if route else "", "language": translation.get_language()}
    return HttpResponse(render_to_string("tenancy/refusal.html", values), status=refusal.status)


def _problem(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    body = {
        "type": f"urn:colmeia:problem:{refusal.code}",
        "title": HTTPStatus(refusal.status).phrase,
        "status": refusal.status,
        "detail": str(refusal.detail),
        "code": refusal.code,
        "instance": request.path,
        "errors": [],
    }
    return HttpResponse(orjson.dumps(body), status=refusal.status, content_type="application/problem+json")
