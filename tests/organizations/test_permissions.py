"""Roles, the permission table, and what a view must name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise

import pytest
from django.conf import settings
from django.test import Client, override_settings
from rest_framework.test import APIClient

from shared_apps.accounts.models import User
from shared_apps.organizations import roster, support
from shared_apps.organizations.checks import check_every_view_names_a_permission
from shared_apps.organizations.models import Organization, Role
from shared_apps.organizations.permissions import ROLE_PERMISSIONS, Permission, allows
from shared_apps.tenancy import context

Api = Callable[[User | None, Organization], APIClient]
Pages = Callable[[User | None, Organization], Client]


@pytest.fixture
def views() -> Iterator[None]:
    with override_settings(TENANT_URLCONF="tests.organizations.urls"):
        yield


def test_every_role_is_in_the_table_and_each_adds_to_the_one_below() -> None:
    assert set(ROLE_PERMISSIONS) == {*(role.value for role in Role), support.ROLE}
    assert ROLE_PERMISSIONS[support.ROLE] < ROLE_PERMISSIONS[Role.ADMIN]
    ladder = [ROLE_PERMISSIONS[role] for role in (Role.VIEWER, Role.STAFF, Role.ADMIN, Role.OWNER)]
    assert all(lower < upper for lower, upper in pairwise(ladder))
    assert ROLE_PERMISSIONS[Role.OWNER] == set(Permission)
    assert not allows("king", Permission.CLIENTS_VIEW)


@pytest.mark.usefixtures("views")
def test_a_role_opens_what_its_permissions_say(api: Api, acme: Organization, alice: User, bob: User) -> None:
    assert api(bob, acme).get("/by-method/").json() == {"role": "staff", "email": "bob@acme.example"}
    refusal = api(bob, acme).post("/by-method/")
    assert (refusal.status_code, refusal.json()["code"]) == (403, "permission_denied")
    assert api(alice, acme).post("/by-method/").status_code == 201
    assert api(bob, acme).get("/for-members/").status_code == 200


@pytest.mark.usefixtures("views")
def test_a_page_is_for_who_holds_a_page_session(
    api: Api, pages: Pages, acme: Organization, alice: User, bob: User
) -> None:
    assert pages(alice, acme).get("/guarded/").content == b"owner"
    assert pages(bob, acme).get("/guarded/").status_code == 403
    for stranger in (pages(None, acme), api(alice, acme)):  # a token opens the API, and no page
        answer = stranger.get("/guarded/")
        assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, "/sign-in/")


@pytest.mark.usefixtures("views")
def test_strangers_see_only_what_is_public(api: Api, acme: Organization, carol: User) -> None:
    stranger, outsider = api(None, acme), api(carol, acme)
    for url in ["/by-method/", "/for-members/", "/nameless/"]:
        assert stranger.get(url).status_code == outsider.get(url).status_code == 401, url
    assert stranger.get("/by-method/")["WWW-Authenticate"] == "Bearer"
    assert stranger.get("/by-method/").json()["code"] == "not_authenticated"
    assert stranger.get("/for-all/").status_code == stranger.get("/open-to-all/").status_code == 200


@pytest.mark.usefixtures("views")
def test_a_method_that_is_not_there_is_405_for_members_only(api: Api, acme: Organization, alice: User) -> None:
    assert api(alice, acme).put("/by-method/").status_code == 405
    assert api(None, acme).put("/by-method/").status_code == 401


@pytest.mark.usefixtures("views")
def test_a_view_that_names_no_permission_lets_nobody_in(api: Api, acme: Organization, alice: User) -> None:
    assert api(alice, acme).get("/nameless/").status_code == 403
    found = [error.msg for error in check_every_view_names_a_permission()]
    assert "/nameless/ names no permission." in found
    assert len([message for message in found if "/nameless/" not in message]) == 0


@pytest.mark.usefixtures("views")
def test_the_rest_of_the_user_is_loaded_when_asked_for(api: Api, acme: Organization, alice: User) -> None:
    with context.enter(acme.schema_name):
        member = roster.members().active(alice.pk)
        assert member is not None
        user = roster.user_of(member)
        assert (user.pk, user.email, user.name) == (alice.pk, alice.email, alice.name)
        assert user.is_authenticated
        assert user.is_staff is False  # a query
        assert user == alice


def test_every_url_names_a_permission() -> None:
    assert settings.TENANT_URLCONF == "config.urls.tenant"
    assert check_every_view_names_a_permission() == []
