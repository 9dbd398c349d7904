"""Pool, clone, plain migrations: one of them always ends with a verified schema, or nothing is left half made."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.db import connection
from pytest_django import Settings

from shared_apps.tenancy import checksum, context, deletion, executor, provisioning, registry, template
from shared_apps.tenancy.head import current_head, tenant_migrations
from shared_apps.tenancy.models import ProvisionStep, Schema, Tombstone
from shared_apps.tenancy.names import TEMPLATE
from shared_apps.tenancy.provisioning import Method, SchemaNameTaken, progress, provision
from tests.tenancy.provisioning import hooks
from tests.tenancy.provisioning.conftest import schemas

Made = Callable[..., str]
Run = Callable[..., None]


@pytest.fixture
def hook(settings: Settings) -> Iterator[Callable[[str], None]]:
    def use(name: str) -> None:
        settings.TENANCY_AFTER_CREATE = f"tests.tenancy.provisioning.hooks.{name}" if name else ""

    yield use
    hooks.called.clear()


@pytest.fixture
def behind(empty_pool: None) -> None:
    """The template is at an earlier head: only plain migrations are possible."""
    template.ensure()
    Schema.objects.filter(name=TEMPLATE).update(head="an earlier one")


def steps_of(schema: str) -> list[tuple[str, str]]:
    return [(step.step, step.state) for step in progress(schema).steps]


def assert_ready(schema: str) -> None:
    record = Schema.objects.get(name=schema)
    assert (record.state, record.head, record.error) == (Schema.State.READY, current_head(), "")
    assert record.checksum == checksum.of(schema) == checksum.of(TEMPLATE)
    assert record.verified_at is not None
    assert executor.applied(schema) == tenant_migrations()


def test_from_the_pool_when_there_is_one(full_pool: int) -> None:
    assert provision("org_new") == Method.POOL
    assert_ready("org_new")
    assert steps_of("org_new") == [("claim", "done")]


def test_by_clone_when_the_pool_is_empty(empty_pool: None) -> None:
    assert provision("org_new") == Method.CLONE
    assert_ready("org_new")
    assert steps_of("org_new") == [("claim", "skipped"), ("clone", "done")]


def test_by_migrations_when_the_template_is_behind(behind: None) -> None:
    assert provision("org_new") == Method.MIGRATIONS
    assert_ready("org_new")
    assert steps_of("org_new") == [
        ("claim", "skipped"),
        ("clone", "skipped"),
        ("migrate", "done"),
        ("verify", "done"),
        ("hook", "done"),
    ]


def test_by_migrations_when_the_template_cannot_be_written_as_ddl(
    empty_pool: None, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    template.ensure()
    run(TEMPLATE, "CREATE VIEW v AS SELECT 1")
    Schema.objects.filter(name=TEMPLATE).update(checksum=checksum.of(TEMPLATE))
    monkeypatch.setattr(template, "_latest", None)

    # the migrations make no such view: nothing that differs from the template becomes active
    with pytest.raises(Exception, match=r"is not like the template.*view v"):
        provision("org_new")
    assert Schema.objects.get(name="org_new").state == Schema.State.BUILDING
    assert "view v" in progress("org_new").steps[1].error


def test_again_it_changes_nothing(empty_pool: None) -> None:
    provision("org_new")
    before = Schema.objects.filter(name="org_new").values().get()

    assert provision("org_new") == Method.EXISTING
    assert Schema.objects.filter(name="org_new").values().get() == before


def test_a_schema_that_fails_a_later_migration_is_not_provisioned_again(empty_pool: None, run: Run) -> None:
    provision("org_new")
    run("org_new", "INSERT INTO team_member SELECT gen_random_uuid(), gen_random_uuid(), '', '', '', true, now()")
    Schema.objects.filter(name="org_new").update(state=Schema.State.FAILED)

    assert provision("org_new") == Method.EXISTING
    run("org_new", "DO $$ BEGIN ASSERT (SELECT count(*) FROM team_member) = 1; END $$")


def test_a_name_that_was_used_up_is_refused(db: None) -> None:
    Tombstone.objects.create(schema_name="org_dead", slug="dead")
    with pytest.raises(SchemaNameTaken, match="org_dead") as refusal:
        provision("org_dead")
    assert (refusal.value.code, refusal.value.status) == ("schema_name_taken", 409)


@pytest.mark.parametrize("pool", ["full_pool", "empty_pool"])
def test_a_schema_that_is_somebody_elses_is_refused_and_left_alone(
    made: Made, pool: str, request: pytest.FixtureRequest, run: Run
) -> None:
    request.getfixturevalue(pool)
    made("org_foreign", "CREATE TABLE precious ()")

    with pytest.raises(SchemaNameTaken):
        provision("org_foreign")
    run("org_foreign", "TABLE precious")
    assert not Schema.objects.filter(name="org_foreign").exists()


def test_a_schema_that_was_lost_is_not_replaced_by_an_empty_one(empty_pool: None) -> None:
    provision("org_new")
    deletion.empty("org_new")
    with pytest.raises(provisioning.SchemaLost, match="org_new"):
        provision("org_new")


def test_a_half_made_schema_is_dropped_and_made_anew(empty_pool: None, made: Made) -> None:
    made("org_new", "CREATE TABLE half_made ()")
    Schema.objects.create(name="org_new", kind=Schema.Kind.ORGANIZATION)
    ProvisionStep.objects.create(
        schema_name="org_new", step="migrate", started_at=Schema.objects.get(name="org_new").created_at
    )

    assert provision("org_new") == Method.CLONE
    assert_ready("org_new")
    interrupted = ProvisionStep.objects.filter(schema_name="org_new").earliest("id")
    assert (interrupted.state, interrupted.error) == (ProvisionStep.State.FAILED, "The process died.")


@pytest.mark.parametrize("way", ["empty_pool", "behind"])
def test_the_hook_is_called_once_with_the_schemas_name(
    way: str, hook: Callable[[str], None], request: pytest.FixtureRequest
) -> None:
    request.getfixturevalue(way)
    hook("note")
    provision("org_new")
    provision("org_new")
    assert hooks.called == ["org_new"]


def test_the_hook_was_called_when_a_pool_schema_was_made(empty_pool: None, hook: Callable[[str], None]) -> None:
    from shared_apps.tenancy import pool

    hook("note")
    pool.refill(1)
    assert hooks.called == list(schemas("pool_"))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("way", ["empty_pool", "behind"])
def test_a_hook_that_fails_leaves_nothing_ready_and_the_next_call_succeeds(
    way: str, leave_nothing: None, hook: Callable[[str], None], request: pytest.FixtureRequest
) -> None:
    request.getfixturevalue(way)
    hook("refuse")
    with pytest.raises(Exception, match="cannot take org_new today"):
        provision("org_new")

    seen = progress("org_new")
    assert seen.state == Schema.State.BUILDING
    assert "cannot take org_new today" in seen.error
    assert seen.steps[-1].state == ProvisionStep.State.FAILED
    assert registry.look("org_new").exists == (way == "behind")  # a clone is rolled back, migrations wait to be cleared

    hook("")
    provision("org_new")
    assert_ready("org_new")


def test_a_clone_that_came_out_different_is_thrown_away(
    empty_pool: None, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = template.script()
    broken = type(script)(
        tuple(s for s in script.statements if "activity_recent" not in s), script.head, script.checksum
    )
    monkeypatch.setattr(template, "_latest", broken)

    assert provision("org_new") == Method.MIGRATIONS
    assert_ready("org_new")
    assert "activity_recent" in progress("org_new").steps[1].error


def test_progress_of_what_nobody_started(db: None) -> None:
    seen = progress("org_nowhere")
    assert (seen.state, seen.steps, seen.current) == ("missing", (), None)


def test_the_path_is_the_callers_again(empty_pool: None) -> None:
    provision("org_new")
    assert context.active().is_public
    with connection.cursor() as cursor:
        cursor.execute("SHOW search_path")
        assert "org_new" not in cursor.fetchone()[0]
