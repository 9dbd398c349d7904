"""Accepting an invitation: as somebody new, or as somebody who has an account.

The token is a query parameter, which our logs leave out.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.cache import never_cache

from shared_apps.accounts import platform_sessions
from shared_apps.accounts.models import SignIn, User
from shared_apps.organizations import domains, invitations
from shared_apps.organizations.models import Invitation, Role
from shared_apps.site.forms import NewPersonForm
from shared_apps.site.views import leave_for
from shared_apps.web.access import methods, public


@public
@methods("GET", "POST")
@never_cache
def invitation(request: HttpRequest) -> HttpResponse:
    token = request.GET.get("token", "")[:100]
    found = invitations.find(token)
    answer = _accepted(request, found, token) if request.method == "POST" else None
    if answer is None:
        answer = _page(request, found, NewPersonForm())
    return answer


def _accepted(request: HttpRequest, found: Invitation, token: str) -> HttpResponse | None:
    if request.user.is_authenticated:
        invitations.accept(token, user=request.user)
        return _into(found)
    if _has_account(found):
        return None
    form = NewPersonForm(request.POST)
    if form.is_valid():
        locale = translation.get_language() or ""
        user = form.attempt(invitations.accept_as_new, token, **form.cleaned_data, locale=locale)
        if user is not None:
            platform_sessions.enter(request, user, SignIn.Method.INVITATION)
            return _into(found)
    return _page(request, found, form, status=422)


def _into(found: Invitation) -> HttpResponse:
    return leave_for(f"{domains.address_of(found.organization)}/sign-in/")


def _page(request: HttpRequest, found: Invitation, form: NewPersonForm, status: int = 200) -> HttpResponse:
    inviter = found.invited_by
    values = {
        "firm": found.organization,
        "role": Role(found.role).label,
        "inviter": (inviter.name or inviter.email) if inviter else "",
        "email": found.email,
        "form": form,
        "has_account": _has_account(found),
        "is_other": request.user.is_authenticated and request.user.email.lower() != found.email.lower(),
        "here": request.get_full_path(),
    }
    return render(request, "site/invitation.html", values, status=status)


def _has_account(found: Invitation) -> bool:
    return User.objects.filter(email=found.email).exists()
