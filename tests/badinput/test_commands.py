"""The onboarding command with what it must refuse: exit 1 and the reason, or 2 for a wrong call. Nothing half made."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from shared_apps.accounts.models import User
from shared_apps.organizations.models import Domain, Membership, Organization
from shared_apps.tenancy.models import Schema
from tests.cast import Cast


def made() -> tuple[int, ...]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'org_%%'")
        return (
            *cursor.fetchone(),
            *(model._default_manager.count() for model in (Organization, Domain, Membership, User)),
            Schema.objects.filter(kind=Schema.Kind.ORGANIZATION).count(),
        )


def onboard(*arguments: str) -> int:
    try:
        call_command("onboard", *arguments)
    except SystemExit as end:
        return int(end.code or 0)
    except CommandError as error:  # what the command line prints and turns into an exit code
        print(error)
        return int(getattr(error.__cause__, "exit_code", error.returncode))
    return 0


OWNER = ("--name", "Nova", "--owner", "new@nova.example")


@pytest.mark.parametrize(
    "slug",
    [
        "www", "api", "admin", "ACME!", "a b", "nova-", "no--va", "x", "x" * 64, "nova.sul", "nóva", "org_nova",
        "no\x00va", "../nova", "1", "' OR 1=1", "localhost",
    ],
)  # fmt: skip
def test_a_slug_that_is_none_or_reserved(cast: Cast, slug: str, capsys: pytest.CaptureFixture[str]) -> None:
    before = made()
    assert onboard(slug, *OWNER) in {1, 2}
    out = capsys.readouterr()
    assert (out.out + out.err).strip()
    assert "Traceback" not in out.out + out.err
    assert made() == before


def test_a_slug_that_is_taken_by_somebody_else(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    before = made()
    assert onboard("acme", "--name", "Other", "--owner", "other@nova.example") == 1
    assert "acme" in "".join(capsys.readouterr())
    assert made() == before


@pytest.mark.parametrize(
    "arguments",
    [
        ("--owner", "nobody"), ("--owner", "a\x00@b.example"), ("--name", "x" * 500), ("--name", ""),
        ("--timezone", "Mars/Base"), ("--document", "111.111.111-11"), ("--locale", "klingon"), ("--name", "a\x00b"),
    ],
)  # fmt: skip
def test_an_argument_that_is_none(cast: Cast, arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    before = made()
    assert onboard("nova", *OWNER, *arguments) in {1, 2}
    out = capsys.readouterr()
    assert "Traceback" not in out.out + out.err
    assert made() == before


@pytest.mark.parametrize("arguments", [(), ("nova",), ("nova", "--name", "Nova"), ("--nonsense",)])
def test_a_call_that_is_incomplete(cast: Cast, arguments: tuple[str, ...]) -> None:
    before = made()
    assert onboard(*arguments) == 2
    assert made() == before


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"slug|name|owner\n", b"slug,name\nnova,Nova\n", b"a\x00b"])
def test_a_file_that_is_none(cast: Cast, content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = made()
    path = tmp_path / "orgs.csv"
    path.write_bytes(content)
    assert onboard("--from-file", str(path)) in {1, 2}
    assert "Traceback" not in "".join(capsys.readouterr())
    assert made() == before
    assert onboard("--from-file", str(tmp_path / "nothing.csv")) == 2


def test_json_says_why(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    assert onboard("www", *OWNER, "--json") == 1
    assert json.loads(capsys.readouterr().out)
