"""manage.py onboard and manage.py organization: what they say, and their exit codes."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import load_command_class
from django.db import connections

from shared_apps.accounts.models import User
from shared_apps.organizations import enrolment, spreadsheet
from shared_apps.organizations.models import Membership, Organization
from shared_apps.organizations.signals import organization_demo_requested
from shared_apps.tenancy import context
from tenant_apps.team.models import Member
from tests.cast import PASSWORD
from tests.organizations.browsing import Browser, sign_in

OWNER = ["--name", "Initech Piscinas", "--owner", "peter@initech.example"]


class Manage:
    """Runs a command as the shell would; remembers what it said and how it ended."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self.capsys = capsys

    def __call__(self, *arguments: str) -> int:
        command = load_command_class("shared_apps.organizations", arguments[0])
        self.capsys.readouterr()
        self.code = 0
        try:
            command.run_from_argv(["manage.py", *arguments])
        except SystemExit as end:
            self.code = int(end.code or 0)
        self.out, self.err = self.capsys.readouterr()
        return self.code

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def manage(cast: object, capsys: pytest.CaptureFixture[str], settings: Any, monkeypatch: pytest.MonkeyPatch) -> Manage:
    monkeypatch.setattr(connections, "close_all", lambda: None)  # a command's last act; the test's transaction goes on
    settings.ORGANIZATION_URL = "http://{host}:8000"
    return Manage(capsys)


def test_onboarding_says_where_and_how_to_sign_in(manage: Manage, browser: Browser) -> None:
    assert manage("onboard", "initech", *OWNER, "--json") == 0
    told = manage.json
    assert (told["status"], told["state"], told["url"]) == ("opened", "active", "http://initech.localhost:8000")
    (owner,) = told["sign_ins"]
    client = browser(Organization.objects.get(slug="initech"))
    assert sign_in(client, owner["email"], owner["password"]).status_code == 200


def test_onboarding_again_changes_nothing_and_says_so(manage: Manage) -> None:
    assert manage("onboard", "initech", *OWNER) == 0
    assert "Opened Initech Piscinas" in manage.out
    before = User.objects.get(email="peter@initech.example").password
    assert manage("onboard", "initech", *OWNER) == 0
    assert "Nothing to do: Initech Piscinas has been open since" in manage.out
    assert "unchanged" in manage.out
    assert User.objects.get(email="peter@initech.example").password == before
    assert Organization.objects.get(slug="initech").transitions.count() == 2


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["www", *OWNER], "slug: The address “www” is reserved."),
        (["acme", *OWNER], "slug: The address “acme” is taken."),
        (["ac me", *OWNER], "slug: Use 2 to 40"),
        (["initech", "--name", "x" * 121, "--owner", "peter@initech.example"], "name: Use at most 120 characters."),
        (["initech", "--name", "x", "--owner", "peter"], "owner: This is not an e-mail address."),
        (["initech", *OWNER, "--timezone", "Mars"], "timezone: “Mars” is not a time zone"),
        (["initech", *OWNER, "--document", "123"], "document: This is not a valid CPF or CNPJ."),
    ],
)
def test_a_refusal_names_the_field_and_leaves_nothing(manage: Manage, arguments: list[str], reason: str) -> None:
    people, organizations = User.objects.count(), Organization.objects.count()
    assert manage("onboard", *arguments) == 1
    assert reason in manage.err
    assert manage("onboard", *arguments, "--json") == 1
    assert manage.json["status"] == "refused"
    assert (User.objects.count(), Organization.objects.count()) == (people, organizations)


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["initech"],
        ["initech", "--name", "x"],
        ["initech", *OWNER, "--bogus"],
        ["--from-file", "/nowhere.csv"],
        ["a", "b", "c"],
    ],
)
def test_wrong_usage_is_exit_code_2(manage: Manage, arguments: list[str]) -> None:
    assert manage("onboard", *arguments) == 2
    assert manage.err.startswith("Usage: ")


@pytest.mark.parametrize("arguments", [[], ["frobnicate"], ["show"], ["list", "more"]])
def test_wrong_usage_of_the_other_command_too(manage: Manage, arguments: list[str]) -> None:
    assert manage("organization", *arguments) == 2


def test_a_password_from_standard_input(manage: Manage, browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    for typed, code in [("", 1), ("short\n", 1), ("a\0b-long-enough-secret\n", 1), ("long enough secret\n", 0)]:
        monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
        assert manage("onboard", "initech", *OWNER, "--password-stdin") == code
        assert (code == 0) or "password: " in manage.err
    assert "long enough" not in manage.out
    client = browser(Organization.objects.get(slug="initech"))
    assert sign_in(client, "peter@initech.example", "long enough secret").status_code == 200


def test_an_owner_who_is_known_keeps_their_password(manage: Manage, browser: Browser, dave: User) -> None:
    assert manage("onboard", "initech", "--name", "Initech", "--owner", " Dave@Nowhere.example ", "--json") == 0
    assert manage.json["sign_ins"] == [{"role": "owner", "email": "dave@nowhere.example", "password": None}]
    client = browser(Organization.objects.get(slug="initech"))
    assert sign_in(client, "dave@nowhere.example", PASSWORD).status_code == 200


def test_one_who_was_interrupted_is_told_the_password_next_time(
    manage: Manage, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Crash(Exception):
        pass

    def crash(*_args: object, **_kwargs: object) -> None:
        raise Crash

    with monkeypatch.context() as patch:
        patch.setattr(enrolment, "_sign_ins", crash)
        with pytest.raises(Crash):
            enrolment.enrol(slug="initech", name="Initech", owner_email="peter@initech.example")
    assert manage("onboard", "initech", *OWNER, "--json") == 0
    assert manage.json["sign_ins"][0]["password"]


def test_the_demo_has_three_sign_ins_and_tells_them_again(manage: Manage, browser: Browser, settings: Any) -> None:
    settings.DEBUG = True
    heard: list[str] = []

    def hear(sender: object, **kwargs: Any) -> None:
        heard.append(context.active().schema)

    organization_demo_requested.connect(hear)
    try:
        for status in ("opened", "existing"):
            assert (
                manage(
                    "onboard", "showroom", "--name", "Showroom", "--owner", "boss@showroom.example", "--demo", "--json"
                )
                == 0
            )
            assert manage.json["status"] == status
            assert manage.json["sign_ins"] == [
                {"role": role, "email": f"{name}@showroom.example", "password": "colmeia-demo"}
                for role, name in [("owner", "boss"), ("staff", "staff"), ("viewer", "viewer")]
            ]
    finally:
        organization_demo_requested.disconnect(hear)
    assert heard == ["org_showroom", "org_showroom"]
    organization = Organization.objects.get(slug="showroom")
    assert sign_in(browser(organization), "viewer@showroom.example", "colmeia-demo").status_code == 200
    with context.enter(organization.schema_name):
        assert set(Member.objects.values_list("role", flat=True)) == {"owner", "staff", "viewer"}


def test_the_demos_password_is_no_secret_so_production_makes_one_up(manage: Manage) -> None:
    assert (
        manage("onboard", "showroom", "--name", "Showroom", "--owner", "boss@showroom.example", "--demo", "--json") == 0
    )
    assert "colmeia-demo" not in manage.out
    assert len({one["password"] for one in manage.json["sign_ins"]}) == 1


def test_real_data_is_not_mixed_with_made_up_data(manage: Manage, acme: Organization) -> None:
    assert manage("onboard", "acme", "--name", "Acme", "--owner", "alice@acme.example", "--demo") == 1
    assert "holds real data" in manage.err
    assert Membership.objects.filter(organization=acme).count() == 2


def test_many_from_a_file(manage: Manage, tmp_path: Path) -> None:
    path = tmp_path / "orgs.csv"
    path.write_text(
        "\ufeffSlug;Name;Owner;document\n"
        "uno;Uno, Filhos e Cia;uno@uno.example;16.727.230/0001-97\n"
        "www;Dois;dois@dois.example;\n"
        'tres;"Três";uno@uno.example;\n'
        "acme;Acme;alice@acme.example;\n"
        "quatro;Quatro;quatro@quatro.example;16727230000197\n"
        ";;;\n",
        encoding="utf-8",
    )
    assert manage("onboard", "--from-file", str(path)) == 1
    assert "2 opened, 1 existing, 3 refused." in manage.out
    assert "document: Another organization has this CPF or CNPJ." in manage.out
    assert Organization.objects.get(slug="uno").name == "Uno, Filhos e Cia"
    assert not User.objects.filter(email__in=["dois@dois.example", "quatro@quatro.example"]).exists()
    assert manage("onboard", "--from-file", str(path), "--json") == 1
    assert [(report["line"], report["status"]) for report in manage.json] == [
        (2, "existing"),
        (3, "refused"),
        (4, "existing"),
        (5, "existing"),
        (6, "refused"),
        (7, "refused"),
    ]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"slug,name\n",
        b"slug,name,owner,color\n",
        b"slug,name,owner,owner\n",
        b'slug,name,owner\n"' + b"x" * 200_000,
    ],
)
def test_files_that_cannot_be_read(content: bytes) -> None:
    with pytest.raises(spreadsheet.Unreadable):
        spreadsheet.read(content)


def test_a_life_from_the_command_line(manage: Manage) -> None:
    manage("onboard", "initech", *OWNER)
    assert manage("organization", "suspend", "initech", "--cause", "invoice 7") == 0
    assert manage.out == "Initech Piscinas is suspended.\n"
    assert manage("organization", "suspend", "initech") == 0
    assert manage.out == "Nothing to do: Initech Piscinas is suspended.\n"
    assert manage("organization", "show", "initech") == 0
    assert "invoice 7" in manage.out
    assert manage("organization", "reactivate", "initech", "--json") == 0
    assert (manage.json["status"], manage.json["changed"]) == ("active", True)
    assert manage("organization", "archive", "initech") == 0
    assert manage("organization", "suspend", "initech") == 1
    assert manage.err == "Refused: initech is archived: it cannot become suspended.\n"
    assert manage("organization", "delete", "initech") == 0
    assert "manage.py organization reactivate initech" in manage.out
    assert manage("organization", "delete", "initech", "--now", "--yes") == 0
    assert manage("organization", "show", "initech") == 1
    assert manage("onboard", "initech", *OWNER) == 1
    assert "taken" in manage.err


def test_lists_for_people_and_programs(manage: Manage, acme: Organization) -> None:
    Organization.objects.filter(pk=acme.pk).update(name="[red]Acme[/red]")
    assert manage("organization", "list") == 0
    assert "[red]Acme[/red]" in manage.out
    assert manage("organization", "list", "--status", "suspended", "--json") == 0
    assert manage.json == []
    assert manage("organization", "list", "--status", "odd") == 1
    assert manage("organization", "list", "--json") == 0
    assert {one["slug"]: one["members"] for one in manage.json} == {"acme": 2, "globex": 1}
    assert manage("organization", "show", "ACME", "--json") == 0
    assert [one["role"] for one in manage.json["members"]] == ["owner", "staff"]
