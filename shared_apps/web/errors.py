"""What a person sees when a page cannot be shown: one page for every refusal, in the look; a toast when htmx asked."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext_lazy as _

from shared_apps.core.errors import DomainError
from shared_apps.web.toasts import trigger

SIGN_IN = "/sign-in/"
TITLES: dict[int, str | Promise] = {
    400: _("That request was not understood"),
    402: _("Not possible with your plan right now"),
    403: _("No access"),
    404: _("There is nothing here"),
    405: _("That does not work here"),
    409: _("Not possible right now"),
    410: _("This is gone"),
    413: _("That is too large"),
    429: _("One moment, please"),
    500: _("Something went wrong on our side"),
    503: _("We will be right back"),
}
DETAILS: dict[int, str | Promise] = {
    400: _("Go back and try again. If it stays so, load the page anew."),
    403: _("Ask an owner of the firm if you need it."),
    404: _("The address may be mistyped, or what was here has been removed."),
    405: _("Go back and use the buttons of the page."),
    413: _("Choose a smaller file."),
    429: _("Too many tries in a short time. Wait a little and try again."),
    500: _("Nothing was lost. Try again in a moment; we have been told."),
    503: _("Nothing is lost; try again in a moment."),
}


def is_htmx(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


def page_of(request: HttpRequest, error: DomainError) -> HttpResponse:
    """The answer to a page's request that a rule refused."""
    if error.status == HTTPStatus.UNAUTHORIZED:
        return to_sign_in(request)
    if is_htmx(request):
        return toast_of(error.status, error.detail)
    ways = {name: str(error.extra[name]) for name in ("upgrade", "export") if name in error.extra}
    return error_page(request, error.status, error.detail, **ways)


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """Where somebody who is not signed in goes, to come back afterwards if they were only looking."""
    if is_htmx(request):
        answer = HttpResponse(status=204)
        answer["HX-Redirect"] = SIGN_IN
        return answer
    looking = request.method in {"GET", "HEAD"} and request.path != "/"
    query = f"?{urlencode({'next': request.get_full_path()})}" if looking else ""
    return HttpResponseRedirect(f"{SIGN_IN}{query}")


def toast_of(status: int, text: str) -> HttpResponse:
    answer = HttpResponse(status=status)
    answer["HX-Reswap"] = "none"
    return trigger(answer, "toast", {"text": text, "tone": "danger"})


def error_page(
    request: HttpRequest, status: int, detail: str | Promise = "", *, upgrade: str = "", export: str = ""
) -> HttpResponse:
    """`upgrade`: where a plan is chosen or paid, when that is the way on; `export`: when nothing else is left."""
    values = {
        "upgrade": upgrade,
        "export": export,
        "status": status,
        "title": TITLES.get(status, HTTPStatus(status).phrase),
        "detail": detail or DETAILS.get(status, ""),
        "back": _came_from(request),
    }
    return render(request, "web/error.html", values, status=status)


def _came_from(request: HttpRequest) -> str:
    """The page of ours with the button that was refused, as a path; nothing where somebody only looked."""
    address = request.headers.get("Referer", "")
    if request.method != "POST" or not url_has_allowed_host_and_scheme(address, {request.get_host()}):
        return ""
    came = urlsplit(address)
    path = f"/{came.path.lstrip('/')}"  # two would lead to another host
    return f"{path}?{came.query}" if came.query else path


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _refused(request, 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _refused(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _refused(request, 404)


def crashed(request: HttpRequest) -> HttpResponse:
    return _refused(request, 500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's name for it; people meet it when a page was open for very long or cookies are off."""
    detail = _("This page was open for too long, or your browser keeps no cookies. Load the page again and repeat it.")
    if is_htmx(request):
        return toast_of(403, str(detail))
    return error_page(request, 403, detail)


def _refused(request: HttpRequest, status: int) -> HttpResponse:
    if is_htmx(request):
        return toast_of(status, str(DETAILS.get(status, "")))
    return error_page(request, status)
