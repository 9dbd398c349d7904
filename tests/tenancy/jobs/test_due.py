"""The due index: marks and runs never miss each other."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from shared_apps.organizations.models import Organization
from shared_apps.tenancy import context
from shared_apps.tenancy.jobs import NoOrganization, dispatch, due, registry, sweep
from shared_apps.tenancy.jobs.admission import routes_of
from shared_apps.tenancy.models import DueWork, JobRun
from tests.tenancy.jobs.conftest import elsewhere
from tests.tenancy.jobs.samples import redis, traces

pytestmark = pytest.mark.django_db(transaction=True)

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)  # past: `mark` locks rows that may be run any moment
HOUR = timedelta(hours=1)


def remind(organization: Organization, at: datetime, *, mark: bool = True) -> None:
    """An organization's own row, and the mark that belongs to it."""
    redis().zadd(f"sample:reminders:{organization.schema_name}", {at.isoformat(): at.timestamp()})
    if mark:
        with context.enter(organization.schema_name), transaction.atomic():
            due.mark("sample.reminders", at)


def indexed() -> dict[str, datetime]:
    with context.public():
        return dict(DueWork.objects.filter(job="sample.reminders").values_list("schema_name", "due_at"))


def test_the_earliest_mark_counts(acme: Organization) -> None:
    far = timezone.now() + timedelta(days=1)
    for at in (far, far + HOUR, far - HOUR, far):
        remind(acme, at)
    assert indexed() == {"org_acme": far - HOUR}


def test_a_mark_lives_and_dies_with_its_transaction(acme: Organization) -> None:
    with context.enter(acme.schema_name), transaction.atomic():
        due.mark("sample.reminders", NOON)
        transaction.set_rollback(True)
    assert indexed() == {}


def test_only_indexed_jobs_are_marked_and_only_inside_an_organization(acme: Organization) -> None:
    with pytest.raises(NoOrganization):
        due.mark("sample.reminders", NOON)
    with context.enter(acme.schema_name), pytest.raises(ValueError, match="not an indexed job"):
        due.mark("sample.nightly", NOON)


def test_only_where_work_is_due_is_visited_and_the_row_goes_with_the_last_of_it(
    acme: Organization, globex: Organization, eager: None
) -> None:
    remind(acme, NOON)
    remind(acme, NOON + HOUR)
    assert dispatch(NOON - HOUR) == 0
    assert dispatch(NOON) == 1
    assert indexed() == {"org_acme": NOON + HOUR}
    assert dispatch(NOON + 9 * HOUR) == 1
    assert indexed() == {}
    assert traces("reminders") == [f"org_acme {(NOON + hours * HOUR).isoformat()}" for hours in (0, 9)]


def test_a_mark_for_a_slot_that_was_done_runs_again(acme: Organization, eager: None) -> None:
    """Somebody enters, late, a row that was due at a moment the ledger knows."""
    for _ in range(2):
        remind(acme, NOON)
        assert dispatch(NOON + HOUR) >= 1
        dispatch(NOON + HOUR + timedelta(minutes=1))
    assert len(traces("reminders")) == 2
    assert indexed() == {}
    with context.public():
        assert JobRun.objects.filter(state="done").count() == 2


def test_a_mark_that_has_not_committed_is_waited_for(acme: Organization) -> None:
    """The run asks what is left only after the transaction that adds to it has ended."""
    remind(acme, NOON)
    job, route = registry.get("sample.reminders"), routes_of([acme.schema_name])[acme.schema_name]
    marked, go_on = threading.Event(), threading.Event()

    def mark_slowly() -> None:
        try:
            with context.enter(acme.schema_name), transaction.atomic():
                due.mark("sample.reminders", NOON + HOUR)
                marked.set()
                go_on.wait(10)
                remind(acme, NOON + HOUR, mark=False)  # its row is seen from the commit on
        finally:
            connection.close()

    thread = threading.Thread(target=mark_slowly)
    thread.start()
    assert marked.wait(10)
    redis().delete("sample:reminders:org_acme")  # what was due is done
    threading.Timer(0.5, go_on.set).start()
    with context.enter(route), transaction.atomic():
        due.advance(job, route, NOON)
    thread.join()
    assert indexed() == {"org_acme": NOON + HOUR}


def test_a_mark_waits_for_a_run_that_is_about_to_remove_the_row(acme: Organization) -> None:
    remind(acme, NOON)
    with context.enter(acme.schema_name), elsewhere() as run:
        run.execute(due.LOCK, ["org_acme", "sample.reminders"])
        run.execute("DELETE FROM tenancy_duework WHERE job = 'sample.reminders'")
        threading.Timer(0.5, run.commit).start()
        due.mark("sample.reminders", NOON + HOUR)
    assert indexed() == {"org_acme": NOON + HOUR}


def test_members_who_mark_at_the_same_time_do_not_wait_for_each_other(acme: Organization) -> None:
    """An earlier row, due in a while, says enough: the second transaction neither writes nor locks it."""
    far = timezone.now() + timedelta(days=1)
    remind(acme, far)
    with elsewhere() as other:
        other.execute("UPDATE tenancy_duework SET attempts = attempts WHERE job = 'sample.reminders'")
        with context.enter(acme.schema_name), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '200ms'")
            due.mark("sample.reminders", far + HOUR)


def test_the_sweep_finds_what_no_mark_has_said(acme: Organization, globex: Organization) -> None:
    far = timezone.now() + timedelta(days=1)
    DueWork.objects.all().delete()
    due.fill(NOON)
    remind(acme, far, mark=False)  # forgotten
    remind(globex, far)
    redis().delete("sample:reminders:org_globex")  # gone since
    assert sweep.sweep_chunk(["org_acme", "org_globex"], now=NOON)["sample.reminders"] == 2
    assert indexed() == {"org_acme": far}
    assert sweep.sweep_chunk(["org_acme", "org_globex"], now=NOON) == {}


def test_the_sweep_follows_an_organization_to_another_time_zone(acme: Organization) -> None:
    DueWork.objects.all().delete()
    due.fill(NOON)
    Organization.objects.filter(pk=acme.pk).update(timezone="Europe/Lisbon")
    assert sweep.sweep_chunk(["org_acme"], now=NOON)["sample.nightly"] == 1  # beside the real nightly ones
    row = DueWork.objects.get(schema_name="org_acme", job="sample.nightly")
    assert row.slot == datetime(2026, 3, 3, 2, tzinfo=UTC)


def test_the_sweep_does_not_take_tonights_run_away(acme: Organization) -> None:
    """Its slot is past, its jitter is not."""
    DueWork.objects.all().delete()
    due.fill(NOON)
    row = DueWork.objects.get(schema_name="org_acme", job="sample.nightly")
    assert row.due_at - row.slot > timedelta(minutes=1)
    DueWork.objects.exclude(pk=row.pk).delete()
    sweep.sweep_chunk(["org_acme"], now=row.slot + timedelta(minutes=1))
    assert DueWork.objects.get(pk=row.pk).slot == row.slot


def test_the_sweep_leaves_alone_what_is_running_or_waits_after_a_failure(acme: Organization) -> None:
    far = timezone.now() + timedelta(days=1)
    remind(acme, far)
    redis().delete("sample:reminders:org_acme")
    for waiting in ({"claimed_until": far}, {"claimed_until": None, "attempts": 3}):
        DueWork.objects.filter(job="sample.reminders").update(**waiting)
        sweep.sweep_chunk(["org_acme"], now=NOON)
        assert indexed() == {"org_acme": far}


def test_orphans_are_pruned_and_old_books_trimmed(acme: Organization) -> None:
    row = {"organization_id": acme.pk, "due_at": NOON, "slot": NOON}
    DueWork.objects.all().delete()
    DueWork.objects.create(schema_name="org_gone", job="sample.nightly", **row)
    DueWork.objects.create(schema_name="org_acme", job="sample.undeclared", **row)
    assert sweep.prune(NOON + timedelta(days=6)) == 1  # the other may be code that is being rolled out
    assert sweep.prune(NOON + timedelta(days=8)) == 1
    JobRun.objects.create(
        schema_name="org_acme",
        organization_id=acme.pk,
        job="sample.nightly",
        slot=NOON,
        state="done",
        started_at=NOON,
        lateness=timedelta(),
    )
    assert sweep.trim(NOON + timedelta(days=29)) == 0
    assert sweep.trim(NOON + timedelta(days=31)) == 1


def test_the_sweep_visits_every_active_organization(acme: Organization, globex: Organization, eager: None) -> None:
    far = timezone.now() + timedelta(days=1)
    remind(acme, far, mark=False)
    assert sweep.send_sweep(timezone.now()) == 2
    assert indexed() == {"org_acme": far}
