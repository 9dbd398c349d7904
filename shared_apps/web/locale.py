"""In which language and time zone a request is answered. Asks nothing of the database that the page would not.

The person's own choice (`User.locale`, one for all organizations) comes first: whoever is signed in on pages of an
organization is found together with it (`page_sessions`), on the platform the user's row is at hand. Then comes what was
chosen in this browser (a cookie of this host, written by `/language/`), then the organization's language, then the
browser's. The API keeps no cookie: there `Accept-Language` says what the program wants, else it is the organization's.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.translation.trans_real import parse_accept_lang_header

from shared_apps.core.formats import known_locale


class LocaleMiddleware:
    """Needs `request.route`. What it sets stays until the next request, so that a streamed answer keeps it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        route = getattr(request, "route", None)
        timezone.activate(ZoneInfo(route.timezone if route else settings.PLATFORM_TIME_ZONE))
        speak(request, language_of(request))
        response = self.get_response(request)
        if adopted := getattr(request, "adopted_language", ""):
            remember(response, adopted)
        response.headers.setdefault("Content-Language", translation.get_language() or settings.LANGUAGE_CODE)
        patch_vary_headers(response, ["Accept-Language"])
        return response

    def process_view(self, request: HttpRequest, _view: Any, _args: Any, _kwargs: Any) -> None:
        """Pages of the platform show who is signed in, so there the user's row is at hand."""
        if getattr(request, "route", None) or settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return
        user = getattr(request, "user", None)
        if user is not None and user.is_authenticated:
            speak(request, user.locale)


def language_of(request: HttpRequest) -> str:
    """The language this request is answered in, one of settings.LANGUAGES."""
    route = getattr(request, "route", None)
    of_organization = known_locale(route.locale) if route else ""
    if request.path_info.startswith("/api/"):
        return _asked(request) or of_organization or settings.LANGUAGE_CODE
    chosen = known_locale(request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME))
    return chosen or of_organization or _asked(request) or settings.LANGUAGE_CODE


def adopt(request: HttpRequest, locale: str) -> None:
    """This person speaks `locale` ("" if they never chose): answer in it from now on, on this host."""
    if code := known_locale(locale):
        request.adopted_language = code  # type: ignore[attr-defined] # for LocaleMiddleware
        speak(request, code)


def remember(response: HttpResponse, code: str) -> None:
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        code,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def speak(request: HttpRequest, locale: str) -> None:
    """Answer this request in `locale`; "" (a person who never chose) leaves it as it is."""
    if code := known_locale(locale):
        translation.activate(code)
        request.LANGUAGE_CODE = code


def _asked(request: HttpRequest) -> str:
    """The first of the browser's languages that we speak, else ""."""
    accepted = parse_accept_lang_header(request.headers.get("Accept-Language", "").lower())
    return next((known for code, _weight in accepted if (known := known_locale(code))), "")
