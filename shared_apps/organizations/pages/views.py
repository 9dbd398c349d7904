"""The settings of an organization: firm, security, domains."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from shared_apps.accounts.models import User
from shared_apps.core.errors import NotThere
from shared_apps.organizations import domains, profile
from shared_apps.organizations.models import Domain, DomainClaim, Organization
from shared_apps.organizations.pages.forms import DomainForm, LogoForm, ProfileForm, SecurityForm, SettingsForm
from shared_apps.organizations.permissions import Permission, requires
from shared_apps.tenancy.requests import route_of
from shared_apps.web.access import methods
from shared_apps.web.forms import Form
from shared_apps.web.toasts import toast
from shared_apps.web.uploads import MEGABYTE, FileTooLarge, uploaded

MANAGE = Permission.ORGANIZATION_MANAGE
LOGO_MB = 5
SHOWN = 20  # people without a second step, by name


@methods("GET", "POST")
@requires(MANAGE)
def firm(request: HttpRequest) -> HttpResponse:
    organization = _organization(request)
    form: SettingsForm = ProfileForm.showing(organization)
    if request.method == "POST":
        form = ProfileForm(request.POST)
        if form.is_valid() and _sent(form, profile.update_profile, organization, request):
            toast(request, _("Saved. Everybody sees it from their next page on."))
            return redirect("settings:firm")
    return _firm(request, organization, form, LogoForm())


@methods("POST")
@requires(MANAGE)
def logo(request: HttpRequest) -> HttpResponse:
    organization, form = _organization(request), LogoForm(request.POST)
    form.is_valid()
    if form.attempt(_set_logo, request, organization):
        toast(request, _("This is your logo now."))
        return redirect("settings:firm")
    return _firm(request, organization, ProfileForm.showing(organization), form)


@methods("POST")
@requires(MANAGE)
def logo_removal(request: HttpRequest) -> HttpResponse:
    profile.remove_logo(_organization(request), actor=_actor(request))
    toast(request, _("The logo was removed."))
    return redirect("settings:firm")


@methods("GET", "POST")
@requires(MANAGE)
def security(request: HttpRequest) -> HttpResponse:
    organization = _organization(request)
    form: SettingsForm = SecurityForm.showing(organization)
    if request.method == "POST":
        form = SecurityForm(request.POST)
        if form.is_valid() and _sent(form, profile.update_security, organization, request):
            toast(request, _("Saved. It holds from everybody's next page on."))
            return redirect("settings:security")
    missing = list(profile.without_mfa(organization))
    values = {
        "form": form,
        "is_required": organization.require_mfa,
        "without_mfa": missing[:SHOWN],
        "number": len(missing),
        "unnamed": max(0, len(missing) - SHOWN),
        "me_too": any(one.user_id == _actor(request).pk for one in missing),
    }
    return render(request, "organizations/settings/security.html", values, status=_status(form))


@methods("GET", "POST")
@requires(MANAGE)
def domain_list(request: HttpRequest) -> HttpResponse:
    organization, form = _organization(request), DomainForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        claim = form.attempt(domains.claim_domain, organization, form.cleaned_data["domain"], actor=_actor(request))
        if claim is not None:
            toast(request, _("Now add the TXT record below where you manage the domain."), tone="info")
            return redirect("settings:domains")
    claims = list(organization.domain_claims.order_by("created_at", "id"))
    hosts = list(organization.domains.order_by("kind", "domain"))
    primary = next((host.domain for host in hosts if host.is_primary), "")
    values = {
        "form": form,
        "claims": [_shown(claim, primary) for claim in claims],
        "own_address": next((host.domain for host in hosts if host.kind == Domain.Kind.SUBDOMAIN), ""),
        "primary": primary,
        "retry_days": domains.RETRY_FOR.days,
    }
    return render(request, "organizations/settings/domains.html", values, status=_status(form))


@methods("POST")
@requires(MANAGE)
def domain_check(request: HttpRequest, pk: UUID) -> HttpResponse:
    claim = domains.check_domain(_claim(request, pk), now=timezone.now(), by_hand=True)
    if claim.problem:
        toast(request, domains.PROBLEMS[claim.problem], tone="warning")
    else:
        toast(request, _("%(domain)s is yours and works now.") % {"domain": claim.domain})
    return redirect("settings:domains")


@methods("POST")
@requires(MANAGE)
def domain_removal(request: HttpRequest, pk: UUID) -> HttpResponse:
    claim = _claim(request, pk)
    domains.give_up_domain(claim)
    toast(request, _("%(domain)s was removed.") % {"domain": claim.domain})
    return redirect("settings:domains")


@methods("POST")
@requires(MANAGE)
def domain_primary(request: HttpRequest) -> HttpResponse:
    name = request.POST.get("domain", "")[:253]
    domains.make_primary(_organization(request), name)
    toast(request, _("%(domain)s is the main address now.") % {"domain": name})
    return redirect("settings:domains")


def _organization(request: HttpRequest) -> Organization:
    return Organization.objects.get(pk=route_of(request).organization_id)


def _actor(request: HttpRequest) -> User:
    return User(pk=request.member.user_id)  # type: ignore[attr-defined] # only named, never read


def _claim(request: HttpRequest, pk: UUID) -> DomainClaim:
    organization_id = route_of(request).organization_id
    found = DomainClaim.objects.select_related("organization").filter(pk=pk, organization_id=organization_id).first()
    if found is None:
        raise NotThere
    return found


def _sent(form: SettingsForm, service: Any, organization: Organization, request: HttpRequest) -> Organization | None:
    changes = {name: form.cleaned_data[name] for name in form.rules}
    return form.attempt(service, organization, actor=_actor(request), seen=form.cleaned_data["seen"], **changes)


def _set_logo(request: HttpRequest, organization: Organization) -> Organization:
    file = uploaded(request, "logo")[0]
    if (file.size or 0) > LOGO_MB * MEGABYTE:
        raise FileTooLarge(LOGO_MB, field="logo")
    return profile.set_logo(organization, file, name=file.name or "", actor=_actor(request))


def _firm(request: HttpRequest, organization: Organization, form: Form, logo_form: Form) -> HttpResponse:
    values = {"form": form, "logo_form": logo_form, "has_logo": bool(organization.logo)}
    refused = max(_status(form), _status(logo_form))
    return render(request, "organizations/settings/firm.html", values, status=refused)


def _status(form: Form) -> int:
    return 422 if form.is_bound and form.errors else 200


def _shown(claim: DomainClaim, primary: str) -> dict[str, Any]:
    return {
        "claim": claim,
        "record": domains.record_name(claim.domain),
        "is_proven": claim.verified_at is not None,
        "is_primary": claim.domain == primary,
        "problem": domains.PROBLEMS.get(claim.problem, ""),
        "closes_at": domains.closes_at(claim),
    }
