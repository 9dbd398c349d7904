"""The platform's own pages: what it is, signing up, choosing a firm, going over to it."""

from __future__ import annotations

from urllib.parse import urlsplit

from allauth.account.models import EmailAddress
from allauth.core import ratelimit
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from shared_apps.accounts import platform_sessions
from shared_apps.accounts.mfa import BOUND_FOR
from shared_apps.accounts.models import SignIn
from shared_apps.organizations import domains, handover, onboarding, page_sessions
from shared_apps.organizations.errors import MfaRequired, NotAMember, SlugTaken
from shared_apps.organizations.models import Organization
from shared_apps.organizations.page_views import safe_next
from shared_apps.site import queries, services
from shared_apps.site.access import signed_in_on_platform
from shared_apps.site.forms import FindForm, FirmForm, SignUpForm
from shared_apps.web.access import methods, public
from shared_apps.web.errors import error_page
from shared_apps.web.toasts import toast


@public
@methods("GET")
def landing(request: HttpRequest) -> HttpResponse:
    return render(request, "site/landing.html")


@public
@methods("GET", "POST")
@never_cache
def sign_up(request: HttpRequest) -> HttpResponse:
    """A new firm: with its owner, or for somebody who is signed in."""
    person = request.user if request.user.is_authenticated else None
    form_class = FirmForm if person else SignUpForm
    form = form_class(request.POST or None)
    if request.method == "GET" or not form.is_valid():
        return _sign_up_page(request, form, 200 if request.method == "GET" else 422)
    if not ratelimit.consume(request, action="signup"):
        return error_page(request, 429)
    given = {**form.cleaned_data, "locale": translation.get_language() or settings.LANGUAGE_CODE}
    if person:
        organization = form.attempt(services.register_firm, person, **given)
    else:
        done = form.attempt(services.sign_up, **given)
        organization = done.organization if done else None
        if done and done.is_new:  # whoever had an account signs in, with every step that asks of them
            platform_sessions.enter(request, done.user, SignIn.Method.SIGN_UP)
            EmailAddress.objects.get(user=done.user, primary=True).send_confirmation(request, signup=True)
    if organization is None:
        return _sign_up_page(request, form, 422)
    return redirect("sign_up_progress", slug=organization.slug)


def _sign_up_page(request: HttpRequest, form: FirmForm, status: int) -> HttpResponse:
    values = {
        "form": form,
        "domain": settings.PLATFORM_DOMAIN,
        "suggestions": services.suggestions(form.data.get("slug", "")) if "slug" in form.errors else [],
    }
    return render(request, "site/sign_up.html", values, status=status)


@public
@methods("GET")
@never_cache
def sign_up_slug(request: HttpRequest) -> HttpResponse:
    """As it is typed: whether the address can be had, and if not, which others can."""
    typed = request.GET.get("slug", "")[:60]
    made = "" if typed else _free_slug(services.slug_from(request.GET.get("firm", "")[:200]))
    problem = services.slug_problem(typed) if typed else ""
    values = {"slug": typed or made, "made": made, "problem": problem, "domain": settings.PLATFORM_DOMAIN}
    values["suggestions"] = services.suggestions(typed) if problem else []
    return render(request, "site/_slug.html", values)


def _free_slug(wanted: str) -> str:
    """`wanted` if it can be had, else one like it that can, else ""."""
    if not wanted or not services.slug_problem(wanted):
        return wanted
    return next(iter(services.suggestions(wanted)), "")


@signed_in_on_platform
@methods("GET")
@never_cache
def sign_up_progress(request: HttpRequest, slug: str) -> HttpResponse:
    """The firm being made ready, in front of one's eyes. Loading it again goes on from where it was."""
    organization = _own(request, slug)
    if organization.status == Organization.Status.ACTIVE and "HX-Request" not in request.headers:
        return leave_for(f"{domains.address_of(organization)}/sign-in/")
    return render(request, "site/progress.html", {"firm": organization})


@signed_in_on_platform
@methods("POST")
@never_cache
def sign_up_open(request: HttpRequest, slug: str) -> HttpResponse:
    organization = services.open_firm(_own(request, slug), owner=request.user)  # type: ignore[arg-type] # signed in, so a User
    address = f"{domains.address_of(organization)}/sign-in/"
    if "HX-Request" in request.headers:
        answer = render(request, "site/_ready.html", {"firm": organization, "address": address})
        answer["HX-Redirect"] = address
        return answer
    return leave_for(address)


def _own(request: HttpRequest, slug: str) -> Organization:
    try:
        found = onboarding.find(slug, request.user)  # type: ignore[arg-type] # signed in, so a User
    except SlugTaken:
        found = None
    if found is None:
        raise Http404
    return found


@signed_in_on_platform
@methods("GET")
@never_cache
def organizations(request: HttpRequest) -> HttpResponse:
    """Choose a firm. Who has one goes straight in, unless they came to choose."""
    firms = queries.firms_of(request.user)  # type: ignore[arg-type] # signed in, so a User
    if len(firms) == 1 and firms[0].is_open and "choose" not in request.GET:
        return leave_for(f"{firms[0].url}/sign-in/")
    return render(request, "site/organizations.html", {"firms": firms})


@public
@methods("GET", "POST")
@never_cache
def find(request: HttpRequest) -> HttpResponse:
    """ "Where do I work?" Answered by e-mail, and the page says the same whoever asks."""
    form = FindForm(request.POST or None)
    if request.method == "GET" or not form.is_valid():
        return render(request, "site/find.html", {"form": form}, status=200 if request.method == "GET" else 422)
    if not ratelimit.consume(request, action="reset_password", key=form.cleaned_data["email"].lower()):
        return error_page(request, 429)
    services.tell_firms(form.cleaned_data["email"])
    return redirect("found")


@public
@methods("GET")
def found(request: HttpRequest) -> HttpResponse:
    return render(request, "site/found.html")


@public
@methods("GET")
@never_cache
def go(request: HttpRequest) -> HttpResponse:
    """The platform's half of the way into an organization (handover.py)."""
    host, state = request.GET.get("host", "")[:253], request.GET.get("state", "")[:64]
    idle = request.GET.get("idle", "")
    if page_sessions.is_proven(idle, request.session.session_key):
        _end_idle(request)
    if not request.user.is_authenticated:
        if idle:
            toast(request, _("You were signed out because nobody used the page for a while."), tone="info")
        return HttpResponseRedirect(f"{settings.LOGIN_URL}?{urlencode({'next': _without_idle(request)})}")
    try:
        token = handover.offer(
            request.user,
            host=host,
            state_hash=state,
            session_key=request.session.session_key or "",
            has_mfa=is_mfa_enabled(request.user),
        )
    except NotAMember as error:
        firms = queries.firms_of(request.user)
        values = {"firms": firms, "detail": error.detail, "other": request.get_full_path()}
        return render(request, "site/not_a_member.html", values, status=403)
    except MfaRequired as error:
        toast(request, error.detail, tone="warning")
        back = f"{_address(host)}/sign-in/?{urlencode({'next': safe_next(request)})}"
        request.session[BOUND_FOR] = {"firm": error.extra["firm"], "address": back}
        return redirect("mfa_index")
    request.session.pop(BOUND_FOR, None)
    return leave_for(f"{_address(host)}/enter/?{urlencode({'token': token, 'next': safe_next(request)})}")


def _address(host: str) -> str:
    scheme, _rest = settings.ORGANIZATION_URL.split("://", 1)
    port = _rest.partition(":")[2]
    return f"{scheme}://{host}{':' + port if port else ''}"


def _end_idle(request: HttpRequest) -> None:
    """A firm's clock ran out: the sign-in here must not open it again by itself. Firms that are in use stay open."""
    spared = page_sessions.spare_those_in_use(request.session.session_key or "", timezone.now())
    logout(request)
    if spared:
        request.session[page_sessions.SPARED] = spared


def _without_idle(request: HttpRequest) -> str:
    query = request.GET.copy()
    query.pop("idle", None)
    return f"{request.path}?{query.urlencode()}"


def leave_for(address: str) -> HttpResponse:
    """Another host. To one of ours by redirect; to a firm's own domain by Refresh, which is no part of the form that
    was sent before it: the policy's form-action knows our hosts only."""
    host = urlsplit(address).hostname or ""
    if host.endswith(f".{settings.PLATFORM_DOMAIN}"):
        answer: HttpResponse = HttpResponseRedirect(address)
    else:
        answer = HttpResponse()
        answer["Refresh"] = f"0; url={address}"
    answer["Referrer-Policy"] = "no-referrer"
    return answer


@public
@methods("POST")
@never_cache
def sign_out(request: HttpRequest) -> HttpResponse:
    """Out of the platform and of every firm entered from here (receivers.py ends those)."""
    logout(request)
    return redirect("signed_out")


@public
@methods("GET")
@never_cache
def signed_out(request: HttpRequest) -> HttpResponse:
    """Where signing out ends. A firm's host proves by `ended` that this browser's sign-in is what was ended there."""
    if page_sessions.is_proven(request.GET.get("ended", ""), request.session.session_key):
        logout(request)
    return render(request, "site/signed_out.html")
