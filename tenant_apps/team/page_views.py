"""The team's pages: who works here, as what, and who is invited."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from shared_apps.accounts.models import User
from shared_apps.organizations import invitations, members
from shared_apps.organizations.models import Invitation, Membership, Organization, Role
from shared_apps.organizations.permissions import Permission, SignedIn, requires
from shared_apps.tenancy.requests import route_of
from shared_apps.web.access import methods
from shared_apps.web.context import platform_url
from shared_apps.web.errors import is_htmx
from shared_apps.web.toasts import toast
from tenant_apps.team.actor import actor_of
from tenant_apps.team.forms import InvitationForm, RoleForm
from tenant_apps.team.models import Member

ORDER = {Role.OWNER: 0, Role.ADMIN: 1, Role.STAFF: 2, Role.VIEWER: 3}


@requires(Permission.TEAM_VIEW)
@methods("GET")
def team(request: HttpRequest) -> HttpResponse:
    return _page(request, InvitationForm())


@requires(Permission.TEAM_MANAGE)
@methods("POST")
def invite(request: HttpRequest) -> HttpResponse:
    form = InvitationForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    organization = Organization.objects.get(pk=_organization_id(request))
    invited = form.attempt(invitations.invite_by_mail, organization, **form.cleaned_data, actor=request.user)
    if invited is None:
        return _page(request, form, status=422)
    toast(request, _("Invitation sent to %(email)s.") % {"email": invited.email})
    return redirect("team:team")


@requires(Permission.TEAM_MANAGE)
@methods("POST")
def resend(request: HttpRequest, pk: UUID) -> HttpResponse:
    again = invitations.resend(_invitation(request, pk), actor=_user(request))
    toast(request, _("A new link went to %(email)s. The old one is dead.") % {"email": again.email})
    return redirect("team:team")


@requires(Permission.TEAM_MANAGE)
@methods("POST")
def revoke(request: HttpRequest, pk: UUID) -> HttpResponse:
    invitation = _invitation(request, pk)
    invitations.revoke(invitation, actor=_user(request))
    toast(request, _("The invitation of %(email)s is withdrawn.") % {"email": invitation.email})
    return redirect("team:team")


@requires(Permission.TEAM_MANAGE)
@methods("POST")
def role(request: HttpRequest, pk: UUID) -> HttpResponse:
    membership, form = _membership(request, pk), RoleForm(request.POST)
    if not form.is_valid():
        return _page(request, InvitationForm(), status=422, wrong={pk: str(form.errors["role"][0])})
    membership = members.change_role(membership, role=form.cleaned_data["role"], actor=_user(request))
    said = {"name": membership.user.name or membership.user.email, "role": Role(membership.role).label}
    toast(request, _("%(name)s is now: %(role)s.") % said)
    return redirect("team:team")


@requires(Permission.TEAM_MANAGE)
@methods("POST")
def deactivation(request: HttpRequest, pk: UUID) -> HttpResponse:
    membership = members.deactivate_member(_membership(request, pk), actor=_user(request))
    name = membership.user.name or membership.user.email
    undo = reverse("team:activation", args=[pk])
    toast(request, _("%(name)s has no access any more.") % {"name": name}, undo_url=undo)
    return redirect("team:team")


@requires(Permission.TEAM_MANAGE)
@methods("POST")
def activation(request: HttpRequest, pk: UUID) -> HttpResponse:
    membership = members.reactivate_member(_membership(request, pk), actor=_user(request))
    toast(request, _("%(name)s has access again.") % {"name": membership.user.name or membership.user.email})
    if is_htmx(request):
        answer = HttpResponse(status=204)
        answer["HX-Redirect"] = reverse("team:team")
        return answer
    return redirect("team:team")


@requires(Permission.ORGANIZATION_MANAGE)
@methods("POST")
def ownership(request: HttpRequest, pk: UUID) -> HttpResponse:
    organization = Organization.objects.get(pk=_organization_id(request))
    membership = _membership(request, pk)
    members.hand_over_ownership(organization, to=membership, actor=_user(request))
    toast(request, _("%(name)s owns the firm now.") % {"name": membership.user.name or membership.user.email})
    return redirect("team:team")


@requires(SignedIn)
@methods("POST")
def leave(request: HttpRequest) -> HttpResponse:
    members.leave(_membership(request, actor_of(request).pk))
    return HttpResponseRedirect(f"{platform_url()}/organizations/?choose")


def _page(
    request: HttpRequest, form: InvitationForm, status: int = 200, *, wrong: Mapping[UUID, str] | None = None
) -> HttpResponse:
    """`wrong`: what was not right with a member's new role, by the member's id."""
    people = sorted(
        Member.objects.all(), key=lambda one: (not one.is_active, ORDER.get(Role(one.role), 9), str(one).lower())
    )
    mine = actor_of(request)
    owners = sum(one.role == Role.OWNER and one.is_active for one in people)
    manages = actor_of(request).role in (Role.OWNER, Role.ADMIN)
    values = {
        "people": [{**_row(one, mine), "error": (wrong or {}).get(one.pk, "")} for one in people],
        "invitations": list(invitations.open_ones(_organization_id(request))) if manages else [],
        "now": timezone.now(),
        "may_leave": mine.role != Role.OWNER or owners > 1,
        "roles": [choice for choice in Role.choices if choice[0] != Role.OWNER or mine.role == Role.OWNER],
        "form": form,
    }
    return render(request, "team/team.html", values, status=status)


def _row(one: Member, mine: Member) -> dict[str, object]:
    """Which of the actions on somebody make sense to the person who looks."""
    is_me = one.pk == mine.pk
    within_reach = one.role != Role.OWNER or mine.role == Role.OWNER
    return {
        "member": one,
        "role": Role(one.role).label,
        "is_me": is_me,
        "may_change": within_reach and not is_me,
        "may_own": mine.role == Role.OWNER and one.role != Role.OWNER and one.is_active,
    }


def _organization_id(request: HttpRequest) -> UUID:
    return route_of(request).organization_id


def _user(request: HttpRequest) -> User:
    return cast(User, request.user)  # requires() let only members in


def _membership(request: HttpRequest, member_id: UUID) -> Membership:
    """Of a member of this schema: what is another organization's is not found."""
    member = get_object_or_404(Member, pk=member_id)
    return get_object_or_404(
        Membership.objects.select_related("user", "organization"),
        organization=_organization_id(request),
        user_id=member.user_id,
    )


def _invitation(request: HttpRequest, pk: UUID) -> Invitation:
    found = Invitation.objects.select_related("organization")
    return get_object_or_404(found, pk=pk, organization=_organization_id(request), accepted_at=None)
