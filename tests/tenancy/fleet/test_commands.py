from __future__ import annotations

import io
import json
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from shared_apps.tenancy.fleet import quick, verify
from shared_apps.tenancy.fleet.recorder import is_ambiguous, split
from shared_apps.tenancy.head import current_head, migrations_on_disk
from shared_apps.tenancy.models import MigrationScript, Schema
from shared_apps.tenancy.names import TEMPLATE
from tests.tenancy.fleet.conftest import Fleet

WAIT = 30.0  # seconds, at most


def manage(*arguments: str) -> tuple[int, str]:
    """A command in this process: its exit code and what it printed."""
    out = io.StringIO()
    try:
        call_command(*arguments, stdout=out)
    except SystemExit as stop:
        return int(stop.code or 0), out.getvalue()
    except CommandError as refused:  # what manage.py makes an exit code of
        return refused.returncode, out.getvalue()
    return 0, out.getvalue()


def test_migrate_is_public_template_and_fleet(fleet: Fleet) -> None:
    fleet.add_field()
    assert manage("migrate", "--check")[0] == 1
    code, plan = manage("migrate", "--plan")
    assert "activity.0900_field" in plan
    assert "Schemas behind head: 3" in plan
    code, out = manage("migrate", "--json")
    assert (code, json.loads(out)["migrated"]) == (0, 3)
    assert manage("migrate", "--check")[0] == 0
    assert fleet.with_column() == fleet.names


def test_nothing_to_do_is_known_before_django_is_set_up(fleet: Fleet) -> None:
    fleet.migrate()
    process = fleet.start("migrate")
    out, err = process.communicate(timeout=WAIT)
    assert (process.returncode, out.strip(), err) == (0, quick.SAID, "")
    assert quick.nothing_to_migrate(["migrate", "--noinput"])
    assert not quick.nothing_to_migrate(["migrate", "--plan"])
    fleet.add_field()
    assert not quick.nothing_to_migrate(["migrate"])


def test_the_quick_answer_reads_the_disk_as_django_does() -> None:
    from django.apps import apps

    quickly = quick.on_disk(settings.INSTALLED_APPS, {})
    assert sorted(quickly) == migrations_on_disk(apps.get_app_configs())


def test_fleet_from_the_command_line(fleet: Fleet) -> None:
    fleet.add_field()
    fleet.execute("org_f2", "ALTER TABLE activity_activity ADD COLUMN extra varchar(50)")
    code, out = started(fleet, "status", "--json")
    assert (code, json.loads(out)["behind"]) == (1, 3)
    code, out = manage("fleet", "migrate", "--json", "--canary", "org_f1", "--waves", "50,100")
    report = json.loads(out)
    assert code == 1
    assert list(report["failed"]) == ["org_f2"]
    assert [stage["label"] for stage in report["stages"]] == ["canary", "50%", "100%"]
    code, out = manage("fleet", "status")
    assert code == 1
    assert "FAILED org_f2: activity.0900_field" in out
    fleet.execute("org_f2", "ALTER TABLE activity_activity DROP COLUMN extra")
    code, out = manage("fleet", "migrate", "--only-failed")
    assert code == 0, out
    assert manage("fleet", "status")[0] == 0
    assert manage("fleet", "pool", "--json")[0] == 0
    assert started(fleet, "migrate", "--waves", "50,x")[0] == 2
    assert manage("fleet", "nonsense")[0] != 0


def started(fleet: Fleet, *arguments: str) -> tuple[int, str]:
    """The same from a shell."""
    process = fleet.start("fleet", *arguments)
    out, _ = process.communicate(timeout=WAIT)
    return process.returncode, out


def test_verify_puts_wrong_stamps_right_and_reports_other_structures(fleet: Fleet) -> None:
    fleet.add_field()
    Schema.objects.filter(name="org_f1").update(head=current_head())  # a lie: it lacks the field
    fleet.execute("org_f2", "ALTER TABLE activity_activity DROP COLUMN verb")
    fleet.migrate()
    assert fleet.with_column() == ["org_f2", "org_f3"]
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA org_f3 CASCADE")
    found = {finding.schema: finding for finding in verify.verify(repair=False, structure=False)}
    assert set(found) == {"org_f1", "org_f3"}
    findings = {(finding.schema, finding.problem): finding.repaired for finding in verify.verify()}
    assert findings == {
        ("org_f1", verify.WRONG_STAMP): True,
        ("org_f2", verify.OTHER_STRUCTURE): False,
        ("org_f3", verify.MISSING): False,
    }
    assert fleet.migrate(schemas=("org_f1",)).migrated == 1
    assert Schema.objects.get(name="org_f3").state == "failed"


def test_a_tenant_app_goes_back_and_forth_everywhere(fleet: Fleet) -> None:
    before = fleet.last
    fleet.add_field()
    fleet.migrate()
    code, out = manage("migrate", "activity", before)
    assert code == 0
    assert all(f"{name}: OK" in out for name in [TEMPLATE, *fleet.names])
    assert fleet.with_column() == []
    assert not MigrationScript.objects.filter(migration="0900_field").exists()
    assert all("0900_field" not in fleet.recorded(name) for name in [TEMPLATE, *fleet.names])
    assert fleet.migrate().migrated == 3
    assert fleet.with_column() == fleet.names


def test_a_shared_app_stays_in_public(fleet: Fleet) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT app FROM public.django_migrations WHERE app IN ('activity', 'team', 'clients')")
        assert cursor.fetchall() == []
    code, out = manage("migrate", "sessions", "--plan")
    assert code == 0
    assert "No planned migration operations" in out


@pytest.mark.parametrize("option", ["--fake", "--prune", "--fake-initial"])
def test_what_would_lie_about_every_schema_is_refused(fleet: Fleet, option: str) -> None:
    with pytest.raises(CommandError, match="app label"):
        call_command("migrate", option)


@pytest.mark.parametrize(
    ("statement", "parts"),
    [
        ("ALTER TABLE a ADD b int", 1),
        ("ALTER TABLE a ADD b int; SET CONSTRAINTS ALL IMMEDIATE", 2),
        ("INSERT INTO a VALUES ('x; y')", 1),
        ("CREATE FUNCTION f() RETURNS int AS $$ SELECT 1; SELECT 2 $$ LANGUAGE sql", 1),
    ],
)
def test_statements_are_told_apart(statement: str, parts: int) -> None:
    assert len(split(statement)) == parts
    assert not is_ambiguous(statement)


def test_what_cannot_be_told_apart_is_left_to_django(fleet: Fleet) -> None:
    function = "CREATE FUNCTION f() RETURNS int AS $$ BEGIN RETURN 1; END $$ LANGUAGE plpgsql; SELECT f()"
    fleet.write("0900_function", f"operations = [migrations.RunSQL({function!r})]")
    assert fleet.migrate().migrated == 3
    script: Any = MigrationScript.objects.get(migration="0900_function")
    assert not script.replayable
