"""Who may open the console: staff whose second step was proven in this very sign-in, and who used it a moment ago."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from csp.constants import UNSAFE_EVAL
from django.conf import settings
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from shared_apps.organizations import page_sessions
from shared_apps.web.access import Staff
from shared_apps.web.errors import to_sign_in
from shared_apps.web.toasts import toast

View = TypeVar("View", bound=Callable[..., HttpResponse])
SEEN = "console_seen"
WRITTEN_EVERY = 60  # seconds
# Alpine, which the console's pages are made with, compiles what their attributes say. Nothing else is widened.
POLICY = {"script-src": [UNSAFE_EVAL]}


def staff_only(view: View) -> View:
    """Strangers are sent to sign in, people who are no staff find nothing here."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        refused = _refused(request)
        if refused is not None:
            return refused
        response = view(request, *args, **kwargs)
        response._csp_update = POLICY  # type: ignore[attr-defined] # read by django-csp
        return response

    guarded.required_permission = Staff  # type: ignore[attr-defined] # read by the checks
    return cast(View, guarded)


def _refused(request: HttpRequest) -> HttpResponse | None:
    """The answer to somebody who may not come in, or not yet."""
    user = request.user
    if not user.is_authenticated:
        return to_sign_in(request)
    if not (user.is_active and user.is_staff):
        raise Http404
    kinds = set(Authenticator.objects.filter(user=user).values_list("type", flat=True))
    if not kinds & {Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN}:
        toast(request, _("The console asks for two-step sign-in. Set it up once, then come back."), tone="warning")
        return redirect("mfa_index")
    now = time.time()
    if now - _last_use(request) > settings.CONSOLE_IDLE_MINUTES * 60:
        if SEEN in request.session:
            return _signed_out(request)
        return _once_more(request, kinds)
    if now - request.session.get(SEEN, 0.0) > WRITTEN_EVERY and "idle" not in request.GET:
        request.session[SEEN] = now
    return None


def _last_use(request: HttpRequest) -> float:
    """When the console was last used, or the second step proven; seconds since the epoch, 0: never in this sign-in."""
    steps = get_authentication_records(request, request.user)
    proven = max((float(step["at"]) for step in steps if step.get("method") == "mfa"), default=0.0)
    return max(proven, request.session.get(SEEN, 0.0)) if proven else 0.0


def seconds_left(request: HttpRequest) -> int:
    """Until somebody who does nothing more is signed out. Asked for with "idle" in the address it is no use itself."""
    return max(0, int(_last_use(request) + settings.CONSOLE_IDLE_MINUTES * 60 - time.time()))


def _once_more(request: HttpRequest, kinds: set[str]) -> HttpResponse:
    """Signed in long ago, or before there was a second step: it is asked for here."""
    name = "mfa_reauthenticate" if Authenticator.Type.TOTP in kinds else "mfa_reauthenticate_webauthn"
    return HttpResponseRedirect(f"{reverse(name)}?{urlencode({'next': _way_back(request)})}")


def _signed_out(request: HttpRequest) -> HttpResponse:
    """Nobody used it for a while. Firms that are in use stay open, as when a firm's own clock runs out."""
    spared = page_sessions.spare_those_in_use(request.session.session_key or "", timezone.now())
    logout(request)
    if spared:
        request.session[page_sessions.SPARED] = spared
    toast(request, _("You were signed out because nobody used the page for a while."), tone="info")
    return HttpResponseRedirect(f"{settings.LOGIN_URL}?{urlencode({'next': _way_back(request)})}")


def _way_back(request: HttpRequest) -> str:
    return request.path if request.method in {"GET", "HEAD"} else reverse("admin:index")
