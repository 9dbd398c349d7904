"""The language switch, on the platform and on every organization's host."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme

from shared_apps.accounts import services as accounts
from shared_apps.core.formats import known_locale
from shared_apps.organizations.page_sessions import sign_in_request
from shared_apps.web import locale
from shared_apps.web.access import methods, public


@public
@methods("POST")
def language_change(request: HttpRequest) -> HttpResponse:
    """Whoever is signed in gets it on all their devices and hosts; anybody else in this browser on this host."""
    answer = HttpResponseRedirect(_back(request))
    code = known_locale(request.POST.get("language"))
    if not code:
        return answer
    if getattr(request, "route", None) is not None:
        sign_in_request(request)
    if request.user.is_authenticated:
        accounts.choose_language(request.user, locale=code)
    locale.adopt(request, code)
    return answer


def _back(request: HttpRequest) -> str:
    """The page they came from, when it is on this host."""
    for address in (request.POST.get("next"), request.headers.get("Referer")):
        if address and url_has_allowed_host_and_scheme(address, {request.get_host()}, request.is_secure()):
            return address
    return "/"
