"""The team's pages, as those who manage it and those who do not meet them."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shared_apps.accounts.models import User
from shared_apps.mail.models import Mail
from shared_apps.organizations import invitations, members
from shared_apps.organizations.models import Invitation, Membership, Organization
from shared_apps.tenancy import context
from tenant_apps.team.models import Member

Pages = Callable[[User | None, Organization], Client]


def member_of(user: User, organization: Organization) -> Member:
    with context.enter(organization.schema_name):
        return Member.objects.get(user_id=user.pk)


def membership_of(user: User, organization: Organization) -> Membership:
    return Membership.objects.get(user=user, organization=organization)


def test_shows_who_works_here(pages: Pages, acme: Organization, alice: User) -> None:
    text = pages(alice, acme).get("/team/").content.decode()
    assert "alice@acme.example" in text
    assert "bob@acme.example" in text
    assert "carol" not in text


def test_the_menu_marks_one_place_and_on_settings_none_of_the_others(
    pages: Pages, acme: Organization, alice: User
) -> None:
    client = pages(alice, acme)
    for path in ("/", "/team/", "/settings/security/"):
        sidebar = client.get(path).content.decode().partition("</nav>")[0]
        assert re.findall(r'<a href="([^"]*)"[^>]*aria-current', sidebar) == [path], path


def test_few_statements_for_any_number_of_people(pages: Pages, acme: Organization, alice: User) -> None:
    for number in range(20):
        members.add_member(acme, User.objects.create_user(f"m{number}@acme.example"), role="staff")
        invitations.invite(acme, email=f"i{number}@acme.example", role="staff")
    client = pages(alice, acme)
    client.get("/team/")
    with CaptureQueriesContext(connection) as queries:
        assert client.get("/team/").status_code == 200
    assert len(queries) <= 6, [one["sql"][:120] for one in queries]


def test_staff_sees_no_button_it_may_not_press(pages: Pages, acme: Organization, bob: User) -> None:
    text = pages(bob, acme).get("/team/").content.decode()
    forms = set(re.findall(r'action="(/team/[^"]*)"', text))
    assert forms == {"/team/leaving/"}


def test_an_invitation_is_written_and_can_be_withdrawn(pages: Pages, acme: Organization, alice: User) -> None:
    client = pages(alice, acme)
    assert client.post("/team/invitations/", {"email": "New@Acme.example", "role": "staff"}).status_code == 302
    mail = Mail.objects.get()
    assert (mail.to, mail.sender_name, mail.template) == (
        "new@acme.example",
        "Acme Piscinas",
        "organizations/invitation",
    )
    token = re.search(r"token=(.+)$", mail.context["link"])[1]
    invitation = invitations.find(token)
    client.post(f"/team/invitations/{invitation.pk}/resending/")
    with pytest.raises(invitations.InvitationGone):
        invitations.find(token)
    client.post(f"/team/invitations/{Invitation.objects.get().pk}/revocation/")
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("email", ["nobody", "", "a@b\nBcc: c@d.example"])
def test_a_wrong_address_is_said_beside_the_field(pages: Pages, acme: Organization, alice: User, email: str) -> None:
    answer = pages(alice, acme).post("/team/invitations/", {"email": email, "role": "staff"})
    assert answer.status_code == 422
    assert 'id="id_email-error"' in answer.content.decode()
    assert not Mail.objects.exists()


def test_a_role_changes_from_the_next_request_on(pages: Pages, acme: Organization, alice: User, bob: User) -> None:
    his = pages(bob, acme)
    assert his.post("/team/invitations/", {"email": "x@acme.example", "role": "staff"}).status_code == 403
    pages(alice, acme).post(f"/team/members/{member_of(bob, acme).pk}/role/", {"role": "admin"})
    assert his.post("/team/invitations/", {"email": "x@acme.example", "role": "staff"}).status_code == 302


@pytest.mark.parametrize("role", ["", "king", "x" * 5000, "\0"])
def test_a_role_that_is_none_is_said_beside_the_member(
    pages: Pages, acme: Organization, alice: User, bob: User, role: str
) -> None:
    pk = member_of(bob, acme).pk
    answer = pages(alice, acme).post(f"/team/members/{pk}/role/", {"role": role})
    text = answer.content.decode()
    assert (answer.status_code, text.count("Choose a role from the list.")) == (422, 1)
    assert f'aria-describedby="role-error-{pk}"' in text
    assert membership_of(bob, acme).role == "staff"


def test_somebody_elses_member_is_not_found_whatever_is_sent(
    pages: Pages, acme: Organization, globex: Organization, alice: User, carol: User
) -> None:
    pk = member_of(carol, globex).pk
    for role in ("viewer", "king"):
        assert pages(alice, acme).post(f"/team/members/{pk}/role/", {"role": role}).status_code == 404


def test_access_ends_at_once_and_can_be_given_back(pages: Pages, acme: Organization, alice: User, bob: User) -> None:
    his, hers, pk = pages(bob, acme), pages(alice, acme), member_of(bob, acme).pk
    hers.post(f"/team/members/{pk}/deactivation/")
    assert his.get("/team/")["Location"].startswith("/sign-in/")
    undone = hers.post(f"/team/members/{pk}/activation/", headers={"HX-Request": "true"})
    assert undone["HX-Redirect"] == "/team/"
    assert pages(bob, acme).get("/team/").status_code == 200


def test_an_admin_does_not_reach_owners(pages: Pages, acme: Organization, alice: User, bob: User) -> None:
    members.change_role(membership_of(bob, acme), role="admin")
    client, hers = pages(bob, acme), member_of(alice, acme).pk
    assert client.post(f"/team/members/{hers}/role/", {"role": "viewer"}).status_code == 403
    assert client.post(f"/team/members/{hers}/deactivation/").status_code == 403
    assert client.post("/team/invitations/", {"email": "x@acme.example", "role": "owner"}).status_code == 403
    assert f"/team/members/{hers}/" not in client.get("/team/").content.decode()


def test_the_last_owner_cannot_leave(pages: Pages, acme: Organization, alice: User, bob: User) -> None:
    assert pages(alice, acme).post("/team/leaving/").status_code == 409
    pages(alice, acme).post(f"/team/members/{member_of(bob, acme).pk}/ownership/")
    assert (membership_of(alice, acme).role, membership_of(bob, acme).role) == ("admin", "owner")
    assert pages(alice, acme).post("/team/leaving/").status_code == 302
    assert not membership_of(alice, acme).is_active


def test_only_who_may_leave_is_offered_to(pages: Pages, acme: Organization, alice: User, bob: User) -> None:
    assert 'action="/team/leaving/"' not in pages(alice, acme).get("/team/").content.decode()
    assert "Make somebody else the owner before you leave." in pages(alice, acme).get("/team/").content.decode()
    membership = membership_of(bob, acme)
    members.change_role(membership, role="owner", actor=alice)
    assert 'action="/team/leaving/"' in pages(alice, acme).get("/team/").content.decode()


def test_who_invites_reads_what_each_role_may_do(pages: Pages, acme: Organization, alice: User) -> None:
    text = pages(alice, acme).get("/team/").content.decode()
    assert "changes nothing" in text
    assert text.partition('id="invite"')[2].partition("</dialog>")[0].count("<dt>") == 4


def test_a_stranger_signs_in_before_the_start_page(pages: Pages, acme: Organization, bob: User) -> None:
    assert pages(bob, acme).get("/").status_code == 200
    assert pages(None, acme).get("/")["Location"] == "/sign-in/"


def test_is_kept_by_no_browser_and_no_proxy(pages: Pages, acme: Organization, bob: User) -> None:
    assert pages(bob, acme).get("/team/")["Cache-Control"] == "private, no-store"
