"""The template stands at the head of the migrations, or nothing is copied from it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from shared_apps.tenancy import checksum, context, deletion, executor, template
from shared_apps.tenancy.head import current_head, tenant_migrations
from shared_apps.tenancy.models import Schema
from shared_apps.tenancy.names import TEMPLATE

Run = Callable[..., None]


def test_it_is_built_at_head_and_its_structure_is_on_record(db: None) -> None:
    record = template.ensure()

    assert (record.state, record.head) == (Schema.State.READY, current_head())
    assert record.checksum == checksum.of(TEMPLATE) == template.reference()
    assert executor.applied(TEMPLATE) == tenant_migrations()


def test_a_database_that_never_had_one_gets_one(db: None) -> None:
    deletion.empty(TEMPLATE)
    Schema.objects.filter(name=TEMPLATE).delete()

    assert template.script().checksum == checksum.of(TEMPLATE)


def test_a_lost_registry_row_is_written_again_without_building(db: None, run: Run) -> None:
    template.ensure()
    run(TEMPLATE, "CREATE TABLE proof_that_it_was_not_rebuilt ()")
    Schema.objects.filter(name=TEMPLATE).delete()

    assert template.ensure().checksum == checksum.of(TEMPLATE)
    run(TEMPLATE, "TABLE proof_that_it_was_not_rebuilt")


def test_behind_it_is_not_copied_until_it_was_migrated(db: None) -> None:
    template.ensure()
    Schema.objects.filter(name=TEMPLATE).update(head="an earlier one")

    with pytest.raises(template.TemplateNotReady):
        template.script()
    assert template.reference() is None
    template.ensure()
    assert template.script()


def test_changed_by_hand_it_is_found_out_and_built_anew(db: None, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    template.ensure()
    run(TEMPLATE, "ALTER TABLE team_member DROP COLUMN name")
    monkeypatch.setattr(template, "_latest", None)  # a process that has not read it yet

    with pytest.raises(template.TemplateNotReady, match="not what it was"):
        template.script()
    assert Schema.objects.get(name=TEMPLATE).state == Schema.State.FAILED
    template.ensure()
    assert template.script().checksum == checksum.of(TEMPLATE)
    run(TEMPLATE, "SELECT name FROM team_member")


def test_a_migration_that_fails_leaves_its_error_and_the_next_try_starts_anew(
    db: None, run: Run, made: Callable[..., str]
) -> None:
    deletion.empty(TEMPLATE)
    Schema.objects.filter(name=TEMPLATE).update(state=Schema.State.READY, head="an earlier one")
    made(TEMPLATE, "CREATE TABLE team_member (in_the_way int)")

    with pytest.raises(Exception, match="already exists"):
        template.ensure()
    record = Schema.objects.get(name=TEMPLATE)
    assert record.state == Schema.State.FAILED
    assert "team_member" in record.error
    assert template.ensure().state == Schema.State.READY


@pytest.mark.django_db(transaction=True)
def test_two_processes_build_it_once(leave_nothing: None) -> None:
    deletion.empty(TEMPLATE)
    Schema.objects.filter(name=TEMPLATE).delete()

    def ensure() -> str:
        try:
            return template.ensure().created_at.isoformat()
        finally:
            with context.public():
                connection.close()

    with ThreadPoolExecutor(2) as threads:
        first, second = threads.submit(ensure), threads.submit(ensure)
        assert first.result(30) == second.result(30)
