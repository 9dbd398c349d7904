"""A person's own account on the platform's host."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shared_apps.accounts.models import PlatformSession, User
from shared_apps.core.tokens import hash_of
from shared_apps.organizations import sessions
from shared_apps.organizations.models import Membership, Organization, RefreshSession
from shared_apps.tenancy import context
from tenant_apps.team.models import Member
from tests.accounts.codes import with_app
from tests.cast import PASSWORD


def signed_in(email: str = "alice@acme.example", agent: str = "") -> Client:
    client = Client(HTTP_HOST="localhost", HTTP_USER_AGENT=agent)
    assert client.post("/sign-in/", {"login": email, "password": PASSWORD}).status_code == 302
    return client


@pytest.fixture
def client(cast: object) -> Client:
    return signed_in()


@pytest.mark.parametrize("path", ["/account/", "/account/places/", "/account/sign-ins/"])
def test_a_stranger_signs_in_first(cast: object, path: str) -> None:
    answer = Client(HTTP_HOST="localhost").get(path)
    assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, "/sign-in/")


def test_a_new_name_and_language_hold_in_every_firm(client: Client, alice: User, acme: Organization) -> None:
    answer = client.post("/account/", {"name": "  Alice   Prado ", "locale": "pt-br"})
    assert answer.status_code == 302
    alice.refresh_from_db()
    assert (alice.name, alice.locale) == ("Alice Prado", "pt-br")
    with context.enter(acme.schema_name):
        assert Member.objects.get(user_id=alice.pk).name == "Alice Prado"


@pytest.mark.parametrize(
    "given",
    [{"name": "", "locale": "en"}, {"name": "x" * 121, "locale": "en"}, {"name": "A", "locale": "xx"}],
)
def test_what_is_not_right_is_said_beside_the_field(client: Client, alice: User, given: dict[str, str]) -> None:
    assert client.post("/account/", given).status_code == 422
    assert User.objects.get(pk=alice.pk).name == "Alice"


def test_security_is_seen_at_a_glance(client: Client, alice: User) -> None:
    assert "Set it up" in client.get("/account/").content.decode()
    with_app(alice)
    assert "Recovery codes left" in client.get("/account/").content.decode()


def test_all_sign_ins_are_shown_and_this_browser_is_marked(
    client: Client, alice: User, acme: Organization, globex: Organization, bob: User
) -> None:
    key = client.session.session_key or ""
    sessions.open_session(alice, acme.pk, device="Safari, iOS")
    sessions.open_session(bob, globex.pk, device="Opera, Linux")
    from_here = sessions.open_session(alice, globex.pk, device="Here too").session
    RefreshSession.objects.filter(pk=from_here.pk).update(platform_session=hash_of(key))
    text = client.get("/account/places/").content.decode()
    assert "Safari, iOS" in text
    assert "Acme Piscinas" in text
    assert "Opera" not in text
    assert text.count("this browser") == 2


def test_signing_out_elsewhere_leaves_this_browser(client: Client, alice: User, acme: Organization) -> None:
    other = signed_in()
    api = sessions.open_session(alice, acme.pk).session
    client.post("/account/places/others/end/")
    assert client.get("/account/").status_code == 200
    assert other.get("/account/").status_code == 302
    api.refresh_from_db()
    assert api.revoked_for == RefreshSession.Ending.ELSEWHERE


def test_one_is_ended_and_nobody_elses_can_be(client: Client, alice: User, bob: User, acme: Organization) -> None:
    other, bobs = signed_in(), signed_in("bob@acme.example")
    mine = PlatformSession.objects.get(session_key=other.session.session_key)
    his = PlatformSession.objects.get(session_key=bobs.session.session_key)
    his_api = sessions.open_session(bob, acme.pk).session
    opened = sessions.open_session(alice, acme.pk).session
    RefreshSession.objects.filter(pk=opened.pk).update(platform_session=hash_of(mine.session_key))
    assert client.post(f"/account/places/{mine.pk}/end/").status_code == 302
    assert other.get("/account/").status_code == 302
    opened.refresh_from_db()
    assert opened.revoked_at
    for pk in (his.pk, his_api.pk):
        assert client.post(f"/account/places/{pk}/end/").status_code == 404
    assert bobs.get("/account/").status_code == 200


def test_a_new_password_on_the_page_ends_the_others_and_not_this(client: Client, alice: User) -> None:
    other = signed_in()
    changed = {"oldpassword": PASSWORD, "password1": "a-short-sentence", "password2": "a-short-sentence"}
    assert client.post("/account/password/change/", changed).status_code == 302
    assert other.get("/account/").status_code == 302
    assert client.get("/account/places/").content.decode().count("this browser") == 1


def test_history_says_when_how_and_from_where(client: Client) -> None:
    text = client.get("/account/sign-ins/").content.decode()
    assert "127.0.0.1" in text
    assert "password" in text


@pytest.mark.parametrize("path", ["/account/", "/account/places/", "/account/sign-ins/"])
def test_pages_ask_little_however_much_there_is(
    client: Client, alice: User, acme: Organization, globex: Organization, path: str
) -> None:
    Membership.objects.create(organization=globex, user=alice)
    with_app(alice)
    for organization in (acme, globex) * 5:
        sessions.open_session(alice, organization.pk)
        signed_in()
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path).status_code == 200
    assert len(asked) <= 6, [query["sql"] for query in asked]


def test_hostile_words_are_only_words(client: Client, alice: User) -> None:
    signed_in(agent="Mozilla/5.0 (<script>alert(1)</script>) Firefox/1")
    client.post("/account/", {"name": "<b>Alice</b>", "locale": "en"})
    for path in ("/account/", "/account/places/", "/account/sign-ins/"):
        text = client.get(path).content.decode()
        assert "<script>alert" not in text
        assert "<b>Alice</b>" not in text


def test_a_page_that_says_a_mail_is_on_its_way_leads_on(cast: object) -> None:
    page = Client(HTTP_HOST="localhost").get("/account/password/reset/done/").content.decode()
    assert '<a href="/sign-in/">Back to signing in</a>' in page
