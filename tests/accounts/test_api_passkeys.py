"""Passkeys of one's own, through the API: added, listed, removed; and by nobody else."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from rest_framework.test import APIClient

from shared_apps.accounts import passkeys
from shared_apps.accounts.models import User
from shared_apps.organizations import profile
from shared_apps.organizations.models import Organization
from tests.accounts.codes import with_app
from tests.accounts.passkey import answer
from tests.cast import PASSWORD
from tests.mail.sending import deliver_all

KEYS = "/api/v1/auth/mfa/passkeys/"
HERE = "https://acme.localhost"


@pytest.fixture
def client(api: Any, alice: User, acme: Organization) -> APIClient:
    signed_in: APIClient = api(alice, acme)
    return signed_in


def begin(client: APIClient) -> Any:
    return client.post(KEYS, {"password": PASSWORD}, format="json").json()


def send(client: APIClient, begun: Any, credential: Any, name: str = "Phone") -> Any:
    given = {"mfa_token": begun["mfa_token"], "name": name, "credential": credential}
    return client.post(f"{KEYS}activation/", given, format="json")


def add(client: APIClient, name: str = "Phone") -> Any:
    begun = begin(client)
    return send(client, begun, answer(begun["options"], origin=HERE), name)


def test_a_passkey_is_added_listed_and_removed(
    client: APIClient, alice: User, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        done = add(client)
    assert done.status_code == 201, done.content
    assert done["Cache-Control"] == "no-store"
    assert len(done.json()["recovery_codes"]) == 10
    listed = client.get(KEYS).json()["passkeys"]
    assert [(one["name"], one["is_passwordless"], one["last_used_at"]) for one in listed] == [("Phone", True, None)]
    assert add(client, "").json()["recovery_codes"] == []
    deliver_all()
    assert mail.outbox[0].to == [alice.email]
    for one in client.get(KEYS).json()["passkeys"]:
        removed = client.post(f"{KEYS}{one['id']}/removal/", {"password": PASSWORD}, format="json")
        assert removed.status_code == 204
    assert not Authenticator.objects.exists()


def test_it_belongs_to_the_platform(client: APIClient) -> None:
    asked = begin(client)["options"]["publicKey"]
    assert asked["rp"]["id"] == "localhost"
    assert asked["authenticatorSelection"]["residentKey"] == "required"


def test_the_pages_know_it(client: APIClient, alice: User) -> None:
    add(client)
    authenticator = Authenticator.objects.get(user=alice, type=Authenticator.Type.WEBAUTHN)
    assert authenticator.wrap().authenticator_data.credential_data is not None


@pytest.mark.parametrize("origin", ["https://evil.example", "https://localhost.evil.example", "http://10.0.0.1"])
def test_an_answer_from_elsewhere_is_refused(client: APIClient, origin: str) -> None:
    begun = begin(client)
    assert send(client, begun, answer(begun["options"], origin=origin)).json()["code"] == "passkey_refused"
    assert send(client, begun, answer(begun["options"], origin=HERE, rp_id="evil.example")).status_code == 422
    assert not Authenticator.objects.exists()


def test_a_challenge_is_answered_once_and_by_its_owner(
    client: APIClient, api: Any, bob: User, carol: User, acme: Organization, globex: Organization
) -> None:
    begun = begin(client)
    credential = answer(begun["options"], origin=HERE)
    assert send(api(bob, acme), begun, credential).json()["code"] == "mfa_token_invalid"
    assert send(api(carol, globex), begun, credential).json()["code"] == "mfa_token_invalid"
    assert send(client, begun, credential).status_code == 201
    assert send(client, begun, credential).json()["code"] == "mfa_token_invalid"
    again = begin(client)
    assert send(client, again, credential).status_code == 422  # of another challenge
    assert Authenticator.objects.filter(type="webauthn").count() == 1


def test_a_key_that_is_somebodys_already_is_not_added_twice(
    client: APIClient, api: Any, bob: User, acme: Organization
) -> None:
    for who, status in ((client, 201), (api(bob, acme), 422)):
        begun = begin(who)
        same = answer(begun["options"], origin=HERE, credential_id=b"k" * 16)
        assert send(who, begun, same).status_code == status


@pytest.mark.parametrize(
    "credential",
    [
        {},
        {"id": 1, "rawId": None, "response": "x"},
        {"id": "x", "rawId": "x", "type": "public-key", "response": {"clientDataJSON": "é", "attestationObject": "{}"}},
        {"id": "x", "rawId": "x", "response": {"clientDataJSON": "eyJ9", "attestationObject": "o2M" * 9000}},
        {"id": {"$ne": ""}, "rawId": ["x"], "response": {"clientDataJSON": {}, "attestationObject": []}},
    ],
)
def test_rubbish_is_refused(client: APIClient, credential: Any) -> None:
    refused = send(client, begin(client), credential)
    assert (refused.status_code, refused.json()["code"]) == (422, "passkey_refused")


def test_an_apps_setup_is_no_passkeys_and_the_other_way_round(client: APIClient) -> None:
    app = client.post("/api/v1/auth/mfa/totp/", {"password": PASSWORD}, format="json").json()
    begun = begin(client)
    credential = answer(begun["options"], origin=HERE)
    assert send(client, app, credential).json()["code"] == "mfa_token_invalid"
    crossed = {"mfa_token": begun["mfa_token"], "code": "000000"}
    assert client.post("/api/v1/auth/mfa/totp/activation/", crossed).json()["code"] == "mfa_token_invalid"


def test_anothers_passkey_is_not_there(client: APIClient, api: Any, bob: User, acme: Organization) -> None:
    pk = add(client).json()["passkey"]["id"]
    his = api(bob, acme)
    for wanted in (pk, 10**30):
        answered = his.post(f"{KEYS}{wanted}/removal/", {"password": PASSWORD}, format="json")
        assert answered.status_code == 404
    assert his.get(KEYS).json() == {"passkeys": []}
    assert Authenticator.objects.filter(pk=pk).exists()


def test_a_signed_in_phone_left_on_a_table_is_not_enough(client: APIClient, acme: Organization, api: Any) -> None:
    pk = add(client).json()["passkey"]["id"]
    for path in (KEYS, f"{KEYS}{pk}/removal/"):
        assert client.post(path, {}, format="json").status_code == 422
        assert client.post(path, {"password": "wrong"}, format="json").json()["code"] == "wrong_password"
    assert api(None, acme).get(KEYS).status_code == 401


def test_there_is_an_end_to_how_many(client: APIClient, alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passkeys, "MOST", 1)
    add(client)
    assert begin(client)["code"] == "too_many_passkeys"


def test_removing_the_last_one_ends_it_where_a_second_step_is_asked_for(
    client: APIClient, alice: User, acme: Organization
) -> None:
    pk = add(client).json()["passkey"]["id"]
    profile.update_security(acme, actor=None, require_mfa=True)
    assert client.get(KEYS).status_code == 200
    assert client.post(f"{KEYS}{pk}/removal/", {"password": PASSWORD}, format="json").status_code == 204
    assert client.get(KEYS).status_code == 401


def test_recovery_codes_that_are_there_stay(client: APIClient, alice: User) -> None:
    with_app(alice)
    assert add(client).json()["recovery_codes"] == []
