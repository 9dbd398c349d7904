"""Who becomes staff, and by what."""

from __future__ import annotations

import json
import re
from io import StringIO
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import call_command
from django.test import Client

from shared_apps.accounts.models import User
from shared_apps.console import staff
from shared_apps.console.models import ConsoleAction
from shared_apps.core.errors import FieldError
from tests.accounts.codes import code
from tests.console.conftest import browser_of, protect


def counts(console: Client, path: str) -> dict[str, str]:
    """What a page's form says of the rows below it."""
    found = re.findall(r'name="([^"]+-(?:TOTAL|INITIAL)_FORMS)" value="(\d+)"', console.get(path).content.decode())
    return dict(found)


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("console", *arguments, stdout=out)
    return out.getvalue()


@pytest.mark.parametrize("email", ["", "nobody", "a@b", "a\x00@b.example"])
def test_what_is_no_address_is_refused(email: str, db: None) -> None:
    with pytest.raises(FieldError):
        staff.grant(email, password="correct-horse-battery")
    assert not User.objects.filter(is_staff=True).exists()


def test_a_weak_password_is_refused(db: None) -> None:
    with pytest.raises(FieldError):
        staff.grant("new@colmeia.example", password="12345678")
    assert not User.objects.filter(email="new@colmeia.example").exists()


def test_the_demos_secret_is_refused_in_production(settings: Any, db: None) -> None:
    settings.DEBUG = False
    with pytest.raises(SystemExit):
        run("grant", "new@colmeia.example", "--demo")
    with pytest.raises(SystemExit):
        run("code")
    assert not User.objects.filter(email="new@colmeia.example").exists()


def test_the_first_one_comes_from_the_command_line(db: None) -> None:
    told = json.loads(run("grant", "New@Colmeia.example", "--json"))
    user = User.objects.get(email="new@colmeia.example")
    assert user.is_staff
    assert user.is_superuser
    assert user.check_password(told["password"])
    assert "no second step yet" in run("list")
    assert ConsoleAction.objects.get().outcome == "everything"


def test_somebody_who_is_there_keeps_their_password(dave: User) -> None:
    before = dave.password
    assert "Password" not in run("grant", dave.email, "--limited")
    dave.refresh_from_db()
    assert (dave.password, dave.is_staff, dave.is_superuser) == (before, True, False)


def test_revoked_is_out_at_once(dave: User) -> None:
    run("grant", dave.email)
    client = browser_of(protect(dave))
    assert client.get("/console/").status_code == 200
    run("revoke", dave.email)
    assert client.get("/console/").status_code == 404
    with pytest.raises(SystemExit):
        run("revoke", "nobody@colmeia.example")


def test_the_demos_staff_get_in_with_its_secret(settings: Any, db: None) -> None:
    settings.DEBUG = True
    first, again = (json.loads(run("grant", "demo@platform.example", "--demo", "--json")) for _ in range(2))
    assert first == again
    client = Client(HTTP_HOST="localhost")
    client.post("/sign-in/", {"login": first["email"], "password": first["password"]})
    shown = run("code").strip()
    assert shown == code(first["secret"], ahead=0), "not an older one, which is good for some seconds only"
    client.post("/account/2fa/authenticate/", {"code": shown})
    assert client.get("/console/").status_code == 200
    client.post("/sign-out/")
    client.post("/sign-in/", {"login": first["email"], "password": first["password"]})
    client.post("/account/2fa/authenticate/", {"code": run("code").strip()})
    assert client.get("/console/").status_code == 200, "again within half a minute"


def test_only_who_may_do_everything_makes_others_staff(dave: User, alice: User) -> None:
    from django.contrib.auth.models import Permission

    run("grant", dave.email, "--limited")
    dave.user_permissions.set(Permission.objects.filter(content_type__app_label="accounts", content_type__model="user"))
    client = browser_of(protect(dave))
    path = f"/console/accounts/user/{alice.pk}/change/"
    assert client.get(path).status_code == 200
    client.post(path, {"is_staff": "on", "is_superuser": "on", "name": "Mine"})
    alice.refresh_from_db()
    assert (alice.is_staff, alice.is_superuser, alice.name) == (False, False, "Alice")


def test_a_superuser_gives_and_takes_rights_but_not_their_own(olga: User, console: Client, dave: User) -> None:
    path = "/console/accounts/user/{}/change/"
    answer = console.post(path.format(dave.pk), {"is_staff": "on", **counts(console, path.format(dave.pk))})
    assert answer.status_code == 302, answer.content[:500]
    dave.refresh_from_db()
    assert dave.is_staff
    console.post(path.format(olga.pk), counts(console, path.format(olga.pk)))
    olga.refresh_from_db()
    assert olga.is_superuser
    assert Authenticator.objects.filter(user=olga).exists()


def test_limited_staff_widen_no_rights_and_shut_nobody_out_above_them(dave: User, olga: User, alice: User) -> None:
    from django.contrib.auth.models import Group, Permission

    run("grant", dave.email, "--limited")
    dave.user_permissions.set(Permission.objects.filter(codename__in=["change_user", "view_user", "change_group"]))
    group = Group.objects.create(name="support")
    client = browser_of(protect(dave))
    client.post(f"/console/auth/group/{group.pk}/change/", {"name": "all", "permissions": ["1"]})
    group.refresh_from_db()
    assert (group.name, group.permissions.count()) == ("support", 0)
    act = "/console/accounts/user/{}/act/deactivate/"
    for somebody, answer in ((olga, 422), (dave, 422), (alice, 302)):
        assert client.post(act.format(somebody.pk), {"reason": "just to see"}).status_code == answer, somebody
        somebody.refresh_from_db()
        assert somebody.is_active == (answer == 422)
