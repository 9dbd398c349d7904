"""A person's own account: who they are, where they are signed in, what protects it."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from shared_apps.accounts import second_step
from shared_apps.accounts.models import User
from shared_apps.site.access import signed_in_on_platform
from shared_apps.site.account import queries, services
from shared_apps.site.account.forms import ProfileForm
from shared_apps.web import locale
from shared_apps.web.access import methods
from shared_apps.web.toasts import toast

FEW_CODES = 3


@signed_in_on_platform
@methods("GET", "POST")
@never_cache
def profile(request: HttpRequest) -> HttpResponse:
    user = person(request)
    known = {"name": user.name, "locale": user.locale or get_language() or settings.LANGUAGE_CODE}
    form = ProfileForm(request.POST or None, initial=known)
    if request.method == "POST" and form.is_valid():
        services.change_profile(user, **form.cleaned_data)
        locale.adopt(request, user.locale)
        toast(request, _("Saved."))
        return redirect("account_profile")
    values = {"form": form, "has": second_step.factors(user.pk), "few_codes": FEW_CODES}
    return render(request, "site/account/profile.html", values, status=422 if form.errors else 200)


@signed_in_on_platform
@methods("GET")
@never_cache
def places(request: HttpRequest) -> HttpResponse:
    found = queries.places_of(person(request), session_key=key_of(request))
    values = {"places": found, "others": any(not place.is_here for place in found)}
    return render(request, "site/account/places.html", values)


@signed_in_on_platform
@methods("POST")
@never_cache
def place_end(request: HttpRequest, place: UUID) -> HttpResponse:
    services.end_place(person(request), place)
    toast(request, _("Signed out there."))
    return redirect("account_places")


@signed_in_on_platform
@methods("POST")
@never_cache
def other_places_end(request: HttpRequest) -> HttpResponse:
    services.end_other_places(person(request), session_key=key_of(request))
    toast(request, _("Signed out everywhere else."))
    return redirect("account_places")


@signed_in_on_platform
@methods("GET")
@never_cache
def sign_ins(request: HttpRequest) -> HttpResponse:
    values = {
        "entries": queries.history_of(person(request)),
        "days": settings.SIGN_IN_HISTORY_DAYS,
    }
    return render(request, "site/account/sign_ins.html", values)


def person(request: HttpRequest) -> User:
    return cast(User, request.user)


def key_of(request: HttpRequest) -> str:
    return request.session.session_key or ""
