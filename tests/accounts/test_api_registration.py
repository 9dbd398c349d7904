"""A firm opened from an app, and an invitation taken up there."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from shared_apps.accounts.models import SignIn, User
from shared_apps.organizations import invitations
from shared_apps.organizations.models import Membership, Organization, Role
from tests.accounts.codes import code
from tests.organizations.browsing import Browser, me, sign_in

PATH = "/api/v1/auth/registration/"
PASSWORD = "a-short-sentence-works"
FIRM = {
    "firm": "Águas Claras",
    "slug": "aguas-claras",
    "name": "Maria da Silva",
    "email": "maria@aguas.example",
    "password": PASSWORD,
}


@pytest.fixture
def token(acme: Organization) -> str:
    return invitations.invite(acme, email="new@acme.example", role=Role.STAFF)[1]


def taken_up(token: str, **changed: str) -> dict[str, str]:
    return {"token": token, "name": "Nova Pessoa", "password": PASSWORD, **changed}


def test_an_invitation_is_taken_up_once_and_signs_in(browser: Browser, acme: Organization, token: str) -> None:
    done = browser(acme).post(PATH, taken_up(token))
    assert done.status_code == 201, done.content
    assert done.json()["user"]["role"] == "staff"
    assert done.cookies["colmeia_refresh"].value
    assert me(browser(acme), done.json()["access"]).status_code == 200
    assert SignIn.objects.get().method == SignIn.Method.INVITATION
    assert browser(acme).post(PATH, taken_up(token)).json()["code"] == "invitation_gone"


def test_a_weak_password_costs_nothing(browser: Browser, acme: Organization, token: str) -> None:
    weak = browser(acme).post(PATH, taken_up(token, password="short"))
    assert weak.json()["errors"][0]["field"] == "password"
    assert browser(acme).post(PATH, taken_up(token)).status_code == 201


def test_another_firms_invitation_is_none_here(
    browser: Browser, acme: Organization, globex: Organization, token: str
) -> None:
    assert browser(globex).post(PATH, taken_up(token)).json()["code"] == "invitation_gone"
    assert not User.objects.filter(email="new@acme.example").exists()


def test_who_has_an_account_signs_in_instead(browser: Browser, acme: Organization, dave: User) -> None:
    token = invitations.invite(acme, email=dave.email, role=Role.STAFF)[1]
    assert browser(acme).post(PATH, taken_up(token)).json()["code"] == "invited_another"
    assert not Membership.objects.filter(user=dave).exists()


def test_where_two_steps_are_asked_for_the_second_comes_next(browser: Browser, acme: Organization, token: str) -> None:
    Organization.objects.filter(pk=acme.pk).update(require_mfa=True)
    client = browser(acme)
    refused = client.post(PATH, taken_up(token))
    assert (refused.status_code, refused.json()["code"]) == (403, "mfa_enrolment_required")
    given = {"mfa_token": refused.json()["mfa_token"]}
    secret = client.post("/api/v1/auth/login/enrolment/", given).json()["secret"]
    done = client.post("/api/v1/auth/login/enrolment/activation/", {**given, "code": code(secret)})
    assert done.json()["user"]["email"] == "new@acme.example"


@pytest.mark.parametrize("body", [{}, [], {"token": "x" * 101, "name": "A", "password": PASSWORD}, {"token": 1}])
def test_bad_input_is_named(browser: Browser, acme: Organization, body: object) -> None:
    assert browser(acme).post(PATH, body).status_code in {400, 422}


# -- On the platform's host -------------------------------------------------------------------------------------------


def opened(**changed: str) -> Any:
    return APIClient(HTTP_HOST="localhost").post(PATH, {**FIRM, **changed})


def test_a_firm_is_opened_and_its_owner_signs_in_there(browser: Browser, cast: object) -> None:
    done = opened()
    assert done.status_code == 201, done.content
    assert done.json()["organization"]["slug"] == "aguas-claras"
    organization = Organization.objects.get(slug="aguas-claras")
    assert done.json()["organization"]["url"].endswith("aguas-claras.localhost")
    assert sign_in(browser(organization), FIRM["email"], PASSWORD).json()["user"]["role"] == "owner"
    assert opened().status_code == 201  # the answer was lost: the same again
    assert Organization.objects.filter(slug="aguas-claras").count() == 1


@pytest.mark.parametrize(
    ("field", "value", "status"),
    [
        ("slug", "acme", 409),
        ("slug", "Não Pode", 422),
        ("password", "password123", 422),
        ("email", "alice@acme.example", 409),
        ("email", "nobody", 422),
        ("firm", "", 422),
        ("name", "a\u0000b", 422),
    ],
)
def test_what_is_not_right_is_named(cast: object, field: str, value: str, status: int) -> None:
    answer = opened(**{field: value})
    assert answer.status_code == status, answer.content
    assert answer.json()["errors"][0]["field"] == field
    assert not Organization.objects.filter(slug="aguas-claras").exists()
