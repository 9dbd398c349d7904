"""Coming in and going out, on an organization's own host."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import rotate_token
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.cache import never_cache

from shared_apps.accounts import devices, history
from shared_apps.accounts.models import SignIn
from shared_apps.core.tokens import hash_of
from shared_apps.organizations import handover, invitations, page_sessions
from shared_apps.organizations.errors import InvitationGone
from shared_apps.tenancy.requests import route_of
from shared_apps.tenancy.routing import normalise
from shared_apps.web import locale
from shared_apps.web.access import methods, public
from shared_apps.web.context import platform_url

STATE_MINUTES = 15


@public
@methods("GET")
@never_cache
def sign_in(request: HttpRequest) -> HttpResponse:
    """To the platform, where one signs in, with a secret left in this browser so that only it can come back."""
    if page_sessions.sign_in_request(request) is not None:
        return HttpResponseRedirect(safe_next(request))
    state = request.COOKIES.get(settings.HAND_OVER_COOKIE) or handover.new_state()
    query = {"host": host_of(request), "state": hash_of(state), "next": safe_next(request)}
    if request.GET.get("idle"):
        query["idle"] = page_sessions.proof_of(page_sessions.end_idle(request))
    answer = HttpResponseRedirect(f"{platform_url()}/go/?{urlencode(query)}")
    answer.set_cookie(
        settings.HAND_OVER_COOKIE,
        state,
        max_age=STATE_MINUTES * 60,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return answer


@public
@methods("GET")
@never_cache
def invitation(request: HttpRequest) -> HttpResponse:
    """Where an invitation's mail leads, an address people know. Accounts are of the platform, so it goes on there."""
    token = request.GET.get("token", "")[:100]
    if invitations.find(token).organization_id != route_of(request).organization_id:
        raise InvitationGone
    answer = HttpResponseRedirect(f"{platform_url()}/invitations/?{urlencode({'token': token})}")
    answer["Referrer-Policy"] = "no-referrer"
    return answer


@public
@methods("GET")
@never_cache
def enter(request: HttpRequest) -> HttpResponse:
    """Take the token from the platform. What is wrong with it is an error page that leads back to the sign-in."""
    device = devices.of(request)
    session = handover.take(
        request.GET.get("token", "")[:100],
        host=host_of(request),
        state=request.COOKIES.get(settings.HAND_OVER_COOKIE, ""),
        organization=route_of(request).organization_id,
        device=device.label,
        address=device.address,
    )
    history.record(session.user, SignIn.Method.HAND_OVER, device, organization_id=session.organization_id)
    answer = HttpResponseRedirect(safe_next(request))
    answer["Referrer-Policy"] = "no-referrer"
    answer.delete_cookie(settings.HAND_OVER_COOKIE, samesite="Lax")
    page_sessions.set_cookie(answer, session)
    locale.adopt(request, session.user.locale)
    rotate_token(request)
    return answer


@public
@methods("POST")
@never_cache
def sign_out(request: HttpRequest) -> HttpResponse:
    """Ends here, in the sibling organizations and, by way of its own page, on the platform's host."""
    ended = ""
    if page_sessions.sign_in_request(request) is not None:
        ended = page_sessions.end(request.page_session)  # type: ignore[attr-defined] # set by the sign-in
    proof = urlencode({"ended": page_sessions.proof_of(ended)})
    answer = HttpResponseRedirect(f"{platform_url()}/signed-out/?{proof}")
    page_sessions.delete_cookie(answer)
    return answer


@public
@methods("GET", "POST")
@never_cache
def session(request: HttpRequest) -> HttpResponse:
    """How long until the automatic sign-out. GET only asks; POST is use, and starts the time anew."""
    request.is_only_asking = True  # type: ignore[attr-defined] # told to sign_in_request()
    if page_sessions.sign_in_request(request) is None:
        return JsonResponse({"seconds_left": 0}, status=401 if request.method == "POST" else 200)
    now = timezone.now()
    left = request.idle_at - now  # type: ignore[attr-defined] # set by the sign-in
    if request.method == "POST":
        page_sessions.touch(request.page_session, now)  # type: ignore[attr-defined] # set by the sign-in
        return JsonResponse({"seconds_left": route_of(request).idle_minutes * 60})
    return JsonResponse({"seconds_left": max(0, int(left.total_seconds()))})


def host_of(request: HttpRequest) -> str:
    return normalise(request.get_host()) or ""


def safe_next(request: HttpRequest) -> str:
    """Where somebody was going, if that is a path of this host; else the start page."""
    path = request.GET.get("next", "")
    if path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None):
        return path
    return "/"
