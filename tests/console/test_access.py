"""Who may open the console: nobody but staff, with a second step, who used it a moment ago."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from shared_apps.accounts.models import User
from shared_apps.organizations.models import Organization
from tests.console.conftest import Enter, browser_of, long_ago, protect

PAGES = ["/console/", "/console/fleet/", "/console/organizations/organization/", "/console/accounts/user/"]


@pytest.mark.parametrize("path", PAGES)
def test_a_stranger_is_sent_to_sign_in(path: str, db: None) -> None:
    answer = Client(HTTP_HOST="localhost").get(path)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in/?next=%2Fconsole%2F")


@pytest.mark.parametrize("path", [*PAGES, "/console/organizations/organization/1/act/suspend/"])
def test_who_is_no_staff_finds_nothing(path: str, alice: User) -> None:
    assert browser_of(protect(alice)).get(path).status_code == 404


def test_an_organizations_host_has_no_console(alices: Client) -> None:
    assert alices.get("/console/").status_code == 404


def test_without_a_second_step_one_is_set_up_first(enter: Enter, olga: User) -> None:
    Authenticator.objects.filter(user=olga).delete()
    answer = enter(olga).get("/console/")
    assert (answer.status_code, answer["Location"]) == (302, "/account/2fa/")


def test_recovery_codes_alone_are_no_second_step(enter: Enter, olga: User) -> None:
    Authenticator.objects.filter(user=olga).update(type=Authenticator.Type.RECOVERY_CODES)
    assert enter(olga).get("/console/")["Location"] == "/account/2fa/"


def test_the_second_step_must_be_of_this_sign_in(enter: Enter, olga: User) -> None:
    answer = enter(olga, proven=False).get("/console/fleet/")
    assert answer.status_code == 302
    assert answer["Location"] == "/account/2fa/reauthenticate/?next=%2Fconsole%2Ffleet%2F"


def test_staff_come_in(console: Client) -> None:
    for path in PAGES:
        assert console.get(path).status_code == 200, path


def test_who_was_let_go_is_out_at_once(console: Client, olga: User) -> None:
    assert console.get("/console/").status_code == 200
    User.objects.filter(pk=olga.pk).update(is_staff=False)
    assert console.get("/console/").status_code == 404


def test_nobody_used_it_for_a_while(enter: Enter, olga: User) -> None:
    client = enter(olga, seen=long_ago(31))
    answer = client.get("/console/fleet/")
    assert (answer.status_code, answer["Location"]) == (302, "/sign-in/?next=%2Fconsole%2Ffleet%2F")
    assert "_auth_user_id" not in client.session


def test_use_starts_the_time_anew_and_a_page_that_only_asks_does_not(enter: Enter, olga: User) -> None:
    client = enter(olga, seen=long_ago(20))
    assert client.get("/console/?idle=1").status_code == 200
    assert client.session["console_seen"] < long_ago(19)
    left = client.get("/console/session/?idle=1").json()["seconds_left"]
    assert 590 <= left <= 600
    assert client.session["console_seen"] < long_ago(19)
    assert client.get("/console/session/").json()["seconds_left"] > 1790
    assert client.session["console_seen"] > long_ago(1)
    page = client.get("/console/").content.decode()
    assert 'id="console-idle"' in page
    assert 'data-limit="1800"' in page
    assert '<noscript><meta http-equiv="refresh" content="180' in page


def test_a_page_that_asks_too_late_is_signed_out(enter: Enter, olga: User) -> None:
    client = enter(olga, seen=long_ago(31))
    assert client.get("/console/session/?idle=1").status_code == 302
    assert "_auth_user_id" not in client.session


def test_who_signed_in_hours_ago_proves_it_again(enter: Enter, olga: User) -> None:
    client = enter(olga, seen=long_ago(300))
    session = client.session
    del session["console_seen"]
    session.save()
    assert client.get("/console/")["Location"].startswith("/account/2fa/reauthenticate/")
    assert "_auth_user_id" in client.session


def test_the_policy_is_widened_here_and_nowhere_else(console: Client) -> None:
    here, elsewhere = (console.get(path)["Content-Security-Policy"] for path in ("/console/", "/organizations/?choose"))
    assert "script-src 'self' 'unsafe-eval'" in here
    assert here.replace(" 'unsafe-eval'", "") == elsewhere
    assert "unsafe" not in elsewhere
    assert "<style" not in console.get("/console/organizations/organization/").content.decode()


def test_nothing_is_kept_by_the_browser(console: Client) -> None:
    assert "no-store" in console.get("/console/")["Cache-Control"]


def test_signing_out_is_the_platforms(console: Client) -> None:
    assert console.post("/console/sign-out/")["Location"] == "/signed-out/"
    assert console.get("/console/").status_code == 302


def test_staff_without_rights_see_the_start_page_alone(enter: Enter, dave: User, acme: Organization) -> None:
    User.objects.filter(pk=dave.pk).update(is_staff=True)
    client = enter(protect(dave))
    assert client.get("/console/").status_code == 200
    for path in ("/console/organizations/organization/", f"/console/organizations/organization/{acme.pk}/change/"):
        assert client.get(path).status_code == 403, path
    answer = client.post(f"/console/organizations/organization/{acme.pk}/act/suspend/", {"reason": "because I can"})
    assert answer.status_code == 403
    assert Organization.objects.get(pk=acme.pk).status == "active"


def test_the_fleet_is_told_in_words(console: Client, acme: Organization) -> None:
    for path in ("/console/fleet/", "/console/tenancy/schema/"):
        page = console.get(path, headers={"accept-language": "pt-br"}).content.decode()
        assert "empresa" in page
        assert "pronto" in page
        assert ">Ready<" not in page
        assert ">ready<" not in page
