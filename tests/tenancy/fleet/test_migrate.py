from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shared_apps.tenancy import checksum
from shared_apps.tenancy.fleet import detect
from shared_apps.tenancy.head import current_head
from shared_apps.tenancy.models import MigrationRun, MigrationScript, Schema
from shared_apps.tenancy.names import TEMPLATE
from tests.tenancy.fleet.conftest import Fleet


def test_a_field_reaches_every_schema(fleet: Fleet) -> None:
    name = fleet.add_field()
    report = fleet.migrate()
    assert (report.migrated, report.failed, report.exit_code) == (3, {}, 0)
    assert fleet.with_column() == fleet.names
    assert "extra" in fleet.columns(TEMPLATE)
    for schema in fleet.names:
        assert name in fleet.recorded(schema)
        assert checksum.of(schema) == checksum.of(TEMPLATE)
        row = Schema.objects.get(name=schema)
        assert (row.head, row.state, row.error) == (current_head(), "ready", "")
        run = MigrationRun.objects.get(schema_name=schema, migration=name)
        assert (run.app, run.state, run.how) == ("activity", "done", "replay")
        assert run.duration_ms > 0


def test_whoever_is_at_head_is_found_out_with_one_query(fleet: Fleet) -> None:
    fleet.add_field()
    assert [one.name for one in detect.behind()] == fleet.names
    fleet.migrate()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert detect.behind() == []
    assert len(queries) == 1
    assert fleet.migrate().total == 0


def test_several_migrations_of_all_kinds(fleet: Fleet) -> None:
    fleet.add_field()
    fleet.write(
        "0901_index_and_rows",
        """
        def fill(apps, schema_editor):
            apps.get_model("activity", "Activity").objects.update(extra="filled by Python")

        operations = [
            migrations.AddIndex("activity", models.Index(fields=["extra"], name="activity_extra")),
            migrations.RunPython(fill, migrations.RunPython.noop),
        ]
        """,
    )
    fleet.write(
        "0902_sql",
        """
        operations = [
            migrations.RunSQL("UPDATE activity_activity SET verb = extra || ' 100%'; SELECT 1"),
            migrations.AlterField("activity", "extra", models.CharField(max_length=60, unique=True, null=True)),
            migrations.AlterField("activity", "extra", models.CharField(max_length=60, null=True)),
        ]
        """,
    )
    fleet.write(
        "0903_not_atomic", 'atomic = False\noperations = [migrations.RemoveIndex("activity", "activity_extra")]'
    )
    fleet.execute("org_f2", INSERT)
    report = fleet.migrate()
    assert report.failed == {}
    assert report.migrated == 3
    with connection.cursor() as cursor:
        cursor.execute("SELECT extra, verb FROM org_f2.activity_activity")
        assert cursor.fetchall() == [("filled by Python", "filled by Python 100%")]
    assert {checksum.of(schema) for schema in fleet.names} == {checksum.of(TEMPLATE)}
    ways = dict(MigrationRun.objects.filter(schema_name="org_f1").values_list("migration", "how"))
    assert ways == {
        "0900_field": "replay",
        "0901_index_and_rows": "django",
        "0902_sql": "replay",
        "0903_not_atomic": "django",
    }
    assert {schema: len(fleet.recorded(schema)) for schema in fleet.names} == dict.fromkeys(
        fleet.names, len(fleet.recorded(TEMPLATE))
    )


INSERT = """INSERT INTO activity_activity (id, verb, subject_type, subject_id, subject_label, before, after, at)
SELECT gen_random_uuid(), 'seen', 'client', gen_random_uuid(), '', '{}', '{}', now() FROM generate_series(1, 1)"""
TWO = INSERT.replace("generate_series(1, 1)", "generate_series(1, 2)")
UNIQUE = 'operations = [migrations.AlterField("activity", "verb", models.CharField(max_length=60, unique=True))]'


def test_a_failure_is_that_schemas_alone(fleet: Fleet) -> None:
    fleet.add_field()
    fleet.write("0901_unique", UNIQUE)
    fleet.execute("org_f2", TWO)
    report = fleet.migrate()
    assert report.exit_code == 1
    assert report.migrated == 2
    assert "0901_unique" in report.failed["org_f2"]
    assert "unique" in report.failed["org_f2"].lower()
    row = Schema.objects.get(name="org_f2")
    assert row.state == "failed"
    assert "UniqueViolation" in row.error
    assert fleet.recorded("org_f2") >= {"0900_field"}  # as far as it could go
    assert "0901_unique" not in fleet.recorded("org_f2")
    assert fleet.run_count("org_f2", "0901_unique", "failed") == 1

    fleet.execute("org_f2", "DELETE FROM activity_activity")
    again = fleet.migrate(only_failed=True)
    assert (again.total, again.migrated, again.exit_code) == (1, 1, 0)
    assert Schema.objects.get(name="org_f2").state == "ready"
    assert Schema.objects.get(name="org_f2").error == ""
    assert fleet.run_count("org_f2", "0900_field") == 1  # what was done is not done again


def test_python_that_fails_in_one_schema(fleet: Fleet) -> None:
    fleet.write(
        "0900_refuse",
        """
        def refuse(apps, schema_editor):
            model = apps.get_model("activity", "Activity")
            model.objects.update(verb="half done")
            if model.objects.exists():
                raise ValueError("not with rows")

        operations = [migrations.RunPython(refuse)]
        """,
    )
    fleet.execute("org_f1", INSERT)
    report = fleet.migrate()
    assert report.migrated == 2
    assert "ValueError: not with rows" in report.failed["org_f1"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT verb FROM org_f1.activity_activity")
        assert cursor.fetchall() == [("seen",)]


def test_a_stage_in_which_too_many_fail_stops_the_run(fleet: Fleet) -> None:
    fleet.grow(3)
    fleet.write("0900_unique", UNIQUE)
    for name in ("org_f1", "org_f2", "org_f3"):
        fleet.execute(name, TWO)
    report = fleet.migrate(canaries=("org_f1", "org_f2"), waves=(50,))
    assert report.stopped_after == "canary"
    assert (report.migrated, report.untouched, report.exit_code) == (0, 4, 1)
    assert [(stage.label, stage.schemas, stage.failed) for stage in report.stages] == [("canary", 2, 2)]
    report = fleet.migrate(canaries=("org_f4",), waves=(50,), max_failures=100)
    assert [stage.label for stage in report.stages] == ["canary", "50%", "100%"]
    assert report.migrated == 3


def test_pool_schemas_follow_and_trash_does_not(fleet: Fleet) -> None:
    fleet.add_field()
    Schema.objects.filter(name="org_f1").update(kind="pool")
    Schema.objects.filter(name="org_f2").update(kind="trash")
    Schema.objects.filter(name="org_f3").update(state="building")
    assert fleet.migrate().migrated == 1
    assert fleet.with_column() == ["org_f1"]


def test_a_stamp_that_lies_is_seen_through(fleet: Fleet) -> None:
    name = fleet.add_field()
    fleet.migrate()
    Schema.objects.filter(name="org_f1").update(head="nonsense")
    report = fleet.migrate()
    assert (report.migrated, report.failed) == (1, {})
    assert Schema.objects.get(name="org_f1").head == current_head()
    assert fleet.run_count("org_f1", name) == 1


def test_a_stamp_shared_with_the_template_that_lies(fleet: Fleet) -> None:
    """Its plan comes from the template's stamp; the statement fails; the schema itself is then asked."""
    fleet.add_field()
    fleet.migrate()
    old = Schema.objects.get(name=TEMPLATE).head
    fleet.add_field("0901_field", "another")
    fleet.execute("org_f1", "ALTER TABLE activity_activity ADD COLUMN another varchar(50)")
    fleet.execute(
        "org_f1", "INSERT INTO django_migrations (app, name, applied) VALUES ('activity', '0901_field', now())"
    )
    assert Schema.objects.get(name="org_f1").head == old
    report = fleet.migrate()
    assert report.failed == {}
    assert fleet.with_column("another") == fleet.names


def test_a_laggard_several_migrations_behind_replays_old_scripts(fleet: Fleet) -> None:
    fleet.add_field()
    fleet.migrate(schemas=("org_f1", "org_f2"))
    fleet.add_field("0901_field", "another")
    fleet.migrate()
    assert set(MigrationRun.objects.filter(schema_name="org_f3").values_list("how", flat=True)) == {"replay"}
    assert fleet.with_column("another") == fleet.names


def test_without_a_script_django_does_it(fleet: Fleet) -> None:
    name = fleet.add_field()
    fleet.migrate(schemas=())
    MigrationScript.objects.all().delete()
    assert fleet.migrate().migrated == 3
    assert MigrationRun.objects.get(schema_name="org_f1", migration=name).how == "django"


def test_a_squash_counts_where_its_parts_are_applied(fleet: Fleet) -> None:
    first = fleet.last
    fleet.add_field()
    fleet.add_field("0901_field", "another")
    fleet.migrate(schemas=("org_f1",))
    fleet.last = first
    fleet.write(
        "0900_squashed_0901",
        """
        replaces = [("activity", "0900_field"), ("activity", "0901_field")]
        operations = [
            migrations.AddField("activity", "extra", models.CharField(max_length=50, null=True)),
            migrations.AddField("activity", "another", models.CharField(max_length=50, null=True)),
        ]
        """,
    )
    report = fleet.migrate()
    assert (report.failed, report.migrated) == ({}, 3)
    assert fleet.with_column("another") == fleet.names
    parts = {"0900_field", "0901_field", "0900_squashed_0901"}
    assert all(parts <= fleet.recorded(schema) for schema in fleet.names)
    assert not detect.behind()


def test_a_template_that_fails_stops_before_any_organization(fleet: Fleet) -> None:
    fleet.write("0900_wrong", 'operations = [migrations.RunSQL("SELECT nonsense")]')
    with pytest.raises(Exception, match="nonsense"):
        fleet.migrate()
    assert all("0900_wrong" not in fleet.recorded(name) for name in fleet.names)
    assert [one.name for one in detect.behind()] == fleet.names
