"""The organization's logo and accent colour, for everybody who opens its pages or e-mails."""

from __future__ import annotations

from django.core.files.storage import default_storage
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response

from shared_apps.core.errors import NotThere
from shared_apps.organizations import colours
from shared_apps.tenancy.requests import route_of
from shared_apps.tenancy.routing import Route
from shared_apps.web.access import methods, public

LOGO_SECONDS = 300
STYLE_SECONDS = 86_400  # its address carries the colour


@methods("GET")
@public
def logo(request: HttpRequest) -> HttpResponseBase:
    """The logo and nothing else; no signing in, since sign-in pages and e-mails show it."""
    name = _route(request).logo
    if not name or not default_storage.exists(name):
        raise NotThere
    etag = f'"{name.rpartition("/")[2]}"'
    answer: HttpResponseBase | None = get_conditional_response(request, etag=etag)
    if answer is None:
        answer = FileResponse(default_storage.open(name), content_type="image/png")
    answer["ETag"] = etag
    answer["Cache-Control"] = f"public, max-age={LOGO_SECONDS}"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


@methods("GET")
@public
def style(request: HttpRequest) -> HttpResponse:
    answer = HttpResponse(colours.style_sheet(_route(request).accent), content_type="text/css")
    answer["Cache-Control"] = f"public, max-age={STYLE_SECONDS}"
    return answer


def _route(request: HttpRequest) -> Route:
    return route_of(request)
