"""Access tokens that should not work, and those that stop working."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable
from typing import Any

import jwt
import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from shared_apps.accounts.models import User
from shared_apps.organizations import sessions, tokens
from shared_apps.organizations.models import Organization
from shared_apps.tenancy import context
from tenant_apps.team.models import Member

ME = "/api/v1/auth/me/"
Api = Callable[[User | None, Organization], APIClient]


def claims_of(user: User, organization: Organization) -> tokens.Claims:
    return tokens.Claims(organization.pk, user.pk, sessions.open_session(user, organization.pk).session.pk)


def ask(organization: Organization, authorization: str, method: str = "get") -> Any:
    return getattr(Client(HTTP_HOST=f"{organization.slug}.localhost"), method)(ME, HTTP_AUTHORIZATION=authorization)


def test_a_token_is_good_in_one_organization(acme: Organization, globex: Organization, alice: User) -> None:
    token = tokens.issue(claims_of(alice, acme))
    assert ask(acme, f"Bearer {token}").status_code == 200
    assert ask(acme, f"bearer {token}").status_code == 200
    foreign = ask(globex, f"Bearer {token}")
    nonsense = ask(globex, "Bearer nonsense")
    assert foreign.status_code == nonsense.status_code == 401
    told = {"type", "title", "detail", "code"}
    assert {k: foreign.json()[k] for k in told} == {k: nonsense.json()[k] for k in told}  # nothing leaks
    assert foreign.json()["code"] == "invalid_token"
    assert foreign["WWW-Authenticate"] == "Bearer"


def test_a_member_of_both_needs_a_token_for_each(acme: Organization, globex: Organization, alice: User) -> None:
    with context.enter(globex.schema_name):
        Member.objects.create(user_id=alice.pk, email=alice.email, role="viewer")
    assert ask(globex, f"Bearer {tokens.issue(claims_of(alice, acme))}").status_code == 401
    assert ask(globex, f"Bearer {tokens.issue(claims_of(alice, globex))}").json()["role"] == "viewer"


def test_a_token_says_nothing_on_the_platforms_own_host(acme: Organization, alice: User) -> None:
    answer = Client(HTTP_HOST=settings.PLATFORM_DOMAIN).get(
        ME, HTTP_AUTHORIZATION=f"Bearer {tokens.issue(claims_of(alice, acme))}"
    )
    assert answer.status_code == 404


def forge(token: str, **changes: Any) -> str:
    """The same token with other claims and the old signature."""
    head, body, signature = token.split(".")
    found = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))) | changes
    body = base64.urlsafe_b64encode(json.dumps(found).encode()).rstrip(b"=").decode()
    return ".".join([head, body, signature])


def test_tampered_tokens_are_refused(acme: Organization, globex: Organization, alice: User, bob: User) -> None:
    token = tokens.issue(claims_of(bob, acme))
    good = jwt.decode(token, options={"verify_signature": False})
    own_key = tokens._backend(settings.SECRET_KEY).signing_key
    refused = {
        "other user": forge(token, sub=str(alice.pk)),
        "other organization": forge(token, aud=str(globex.pk)),
        "longer life": forge(token, exp=good["exp"] + 9999),
        "alg none": jwt.encode(good, None, algorithm="none"),
        "alg none, our issuer kept": forge(jwt.encode(good, None, algorithm="none"), exp=good["exp"]),
        "another secret": jwt.encode(good, "x" * 64, algorithm="HS256"),
        "the bare secret key": jwt.encode(good, settings.SECRET_KEY, algorithm="HS256"),
        "another algorithm": jwt.encode(good, own_key, algorithm="HS512"),
        "another issuer": jwt.encode(good | {"iss": "somebody"}, own_key, algorithm="HS256"),
        "another type": jwt.encode(good | {"typ": "refresh"}, own_key, algorithm="HS256"),
        "no end": jwt.encode({k: v for k, v in good.items() if k != "exp"}, own_key, algorithm="HS256"),
        "no user": jwt.encode({k: v for k, v in good.items() if k != "sub"}, own_key, algorithm="HS256"),
        "odd user": jwt.encode(good | {"sub": "1 OR 1=1"}, own_key, algorithm="HS256"),
        "list of organizations": jwt.encode(good | {"aud": [good["aud"]]}, own_key, algorithm="HS256"),
        "a claim missing its session": jwt.encode(good | {"sid": None}, own_key, algorithm="HS256"),
        "cut": token[:-1],
        "empty": "",
        "dots": "..",
        "endless": token + "A" * 100_000,
        "not text": "\xff\xfe",
        "null byte": "a\x00b",
    }
    for name, forged in refused.items():
        answer = ask(acme, f"Bearer {forged}")
        assert (answer.status_code, answer.json()["code"]) == (401, "invalid_token"), name


@pytest.mark.parametrize("header", ["Basic YWxpY2U6eA==", "Token abc", "Bearer", "x"])
def test_other_schemes_are_nobody(acme: Organization, header: str) -> None:
    assert ask(acme, header).status_code == 401


def test_a_token_expires(acme: Organization, alice: User) -> None:
    claims = claims_of(alice, acme)
    past = time.time() - settings.ACCESS_TOKEN_MINUTES * 60
    assert ask(acme, f"Bearer {tokens.issue(claims, now=past - 1)}").status_code == 401
    assert ask(acme, f"Bearer {tokens.issue(claims, now=past + 30)}").status_code == 200


def test_a_replaced_secret_key_signs_nobody_out(acme: Organization, alice: User, settings: Any) -> None:
    token = tokens.issue(claims_of(alice, acme))
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "a-new-secret-key-that-protects-nothing", [settings.SECRET_KEY]
    assert ask(acme, f"Bearer {token}").status_code == 200
    settings.SECRET_KEY_FALLBACKS = []
    assert ask(acme, f"Bearer {token}").status_code == 401


def test_a_session_of_somebody_else_lends_no_identity(acme: Organization, alice: User, bob: User) -> None:
    lent = tokens.Claims(acme.pk, alice.pk, claims_of(bob, acme).session_id)
    assert ask(acme, f"Bearer {tokens.issue(lent)}").status_code == 401


def test_deactivation_and_roles_hold_from_the_next_request(api: Api, acme: Organization, bob: User) -> None:
    client = api(bob, acme)
    assert client.get(ME).json()["role"] == "staff"
    with context.enter(acme.schema_name):
        Member.objects.filter(user_id=bob.pk).update(role="viewer")
    assert client.get(ME).json()["role"] == "viewer"
    with context.enter(acme.schema_name):
        Member.objects.filter(user_id=bob.pk).update(is_active=False)
    assert client.get(ME).status_code == 401


def test_ending_a_persons_sessions_holds_everywhere_at_once(
    api: Api, acme: Organization, globex: Organization, alice: User, carol: User
) -> None:
    hers, other = api(alice, acme), api(carol, globex)
    sessions.end_all(alice.pk)
    assert hers.get(ME).status_code == 401
    assert other.get(ME).status_code == 200


def test_an_outsider_stays_outside(api: Api, acme: Organization, carol: User, dave: User) -> None:
    assert api(carol, acme).get(ME).status_code == 401
    assert api(dave, acme).get(ME).status_code == 401
    assert api(None, acme).get(ME).json()["code"] == "not_authenticated"


def test_a_signed_in_request_asks_the_database_once(api: Api, acme: Organization, alice: User) -> None:
    client = api(alice, acme)
    client.get(ME)
    with CaptureQueriesContext(connection) as asked:
        client.get(ME)
    routing = ("organizations_domain", "tenancy_schema")
    ours = [query["sql"] for query in asked if not any(table in query["sql"] for table in routing)]
    assert len([sql for sql in ours if "search_path" not in sql]) == 1
    assert "team_member" in ours[-1]
