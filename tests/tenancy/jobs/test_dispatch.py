from __future__ import annotations

import threading
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.db import connection
from pytest_django.fixtures import Settings

from shared_apps.core.ids import uuid7
from shared_apps.organizations.models import Organization
from shared_apps.tenancy import context
from shared_apps.tenancy.head import current_head
from shared_apps.tenancy.jobs import dispatch, dispatcher, due, registry, run_chunk
from shared_apps.tenancy.jobs.admission import routes_of
from shared_apps.tenancy.models import DueWork, JobRefusal, JobRun, Schema
from tenant_apps.team.models import Member
from tests.tenancy.jobs.samples import redis, traces

pytestmark = pytest.mark.django_db(transaction=True)

NIGHT = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)  # 02:00 in São Paulo
MORNING = NIGHT + timedelta(minutes=30)  # the jitter of sample.nightly has passed


@pytest.fixture
def both(acme: Organization, globex: Organization) -> tuple[Organization, Organization]:
    """Two organizations and nothing due but sample.nightly."""
    due.fill(NIGHT - timedelta(hours=4))
    DueWork.objects.exclude(job="sample.nightly").delete()
    return acme, globex


def row(organization: Organization, job: str = "sample.nightly") -> DueWork:
    with context.public():
        return DueWork.objects.get(schema_name=organization.schema_name, job=job)


def runs(job: str = "sample.nightly") -> list[tuple[str, datetime, str]]:
    with context.public():
        return sorted(JobRun.objects.filter(job=job).values_list("schema_name", "slot", "state"))


def test_fill_gives_each_active_organization_its_rows_once(acme: Organization, globex: Organization) -> None:
    Organization.objects.filter(pk=globex.pk).update(status="suspended")
    DueWork.objects.all().delete()
    assert due.fill(NIGHT - timedelta(hours=4)) > 0
    assert due.fill(NIGHT - timedelta(hours=4)) == 0
    assert row(acme).slot == NIGHT
    assert NIGHT <= row(acme).due_at < MORNING
    assert not DueWork.objects.filter(schema_name=globex.schema_name).exists()


def test_each_organization_is_visited_once_in_its_slot(both: tuple[Organization, Organization], eager: None) -> None:
    acme = both[0]
    assert dispatch(NIGHT - timedelta(minutes=1)) == 0
    assert dispatch(MORNING) == 2
    assert dispatch(MORNING + timedelta(minutes=1)) == 0
    assert sorted(traces("nightly")) == [f"org_acme {MORNING.isoformat()}", f"org_globex {MORNING.isoformat()}"]
    assert runs() == [("org_acme", NIGHT, "done"), ("org_globex", NIGHT, "done")]
    assert row(acme).slot == NIGHT + timedelta(days=1)
    assert row(acme).claimed_until is None
    with context.public():
        run = JobRun.objects.get(schema_name=acme.schema_name)
    assert run.lateness == MORNING - (row(acme).due_at - timedelta(days=1))
    assert run.finished_at
    assert run.finished_at > run.started_at == MORNING


def test_each_in_its_own_time_zone(acme: Organization, globex: Organization, eager: None) -> None:
    with context.public():
        Organization.objects.filter(pk=globex.pk).update(timezone="America/Rio_Branco")  # two hours behind São Paulo
        due.fill(NIGHT - timedelta(hours=4))
        DueWork.objects.exclude(job="sample.nightly").delete()
    assert dispatch(MORNING) == 1
    assert dispatch(MORNING + timedelta(hours=2)) == 1
    assert [slot for _schema, slot, _state in runs()] == [NIGHT, NIGHT + timedelta(hours=2)]


def test_after_an_outage_everybody_runs_exactly_once(both: tuple[Organization, Organization], eager: None) -> None:
    late = MORNING + timedelta(days=9)
    assert dispatch(late) == 2
    assert dispatch(late + timedelta(minutes=1)) == 0
    assert len(traces("nightly")) == 2
    assert row(both[0]).slot == NIGHT + timedelta(days=10)


def test_a_failure_stops_nobody_else_and_is_tried_again_later(
    both: tuple[Organization, Organization], eager: None
) -> None:
    acme = both[0]
    redis().sadd("sample:broken:org_acme", "nightly")
    assert dispatch(MORNING) == 2
    assert runs() == [("org_acme", NIGHT, "failed"), ("org_globex", NIGHT, "done")]
    with context.public():
        assert JobRun.objects.get(state="failed").error == "ValueError: this organization's night is broken"
    with context.enter(acme.schema_name):
        assert "Broken" not in Member.objects.values_list("name", flat=True)
    assert row(acme).due_at == MORNING + timedelta(minutes=1)

    assert dispatch(MORNING + timedelta(minutes=1)) == 1
    assert row(acme).due_at == MORNING + timedelta(minutes=3)
    redis().delete("sample:broken:org_acme")
    assert dispatch(MORNING + timedelta(minutes=3)) == 1
    assert runs() == [("org_acme", NIGHT, "done"), ("org_globex", NIGHT, "done")]
    assert (row(acme).slot, row(acme).attempts) == (NIGHT + timedelta(days=1), 0)
    with context.public():
        run = JobRun.objects.get(schema_name="org_acme")
        assert (run.attempts, run.error) == (3, "")


def test_a_job_that_keeps_failing_moves_on_to_the_next_slot(both: tuple[Organization, Organization]) -> None:
    acme = both[0]
    route = routes_of([acme.schema_name])[acme.schema_name]
    due.postpone(registry.get("sample.nightly"), route, NIGHT, 40, NIGHT + timedelta(hours=20))
    assert row(acme).slot == NIGHT + timedelta(days=1)


@pytest.mark.parametrize("status", ["suspended", "archived", "deleting", "provisioning"])
def test_only_active_organizations_are_visited(
    both: tuple[Organization, Organization], eager: None, status: str
) -> None:
    with context.public():
        Organization.objects.filter(pk=both[0].pk).update(status=status)
    assert dispatch(MORNING) == 1
    with context.public():
        Organization.objects.filter(pk=both[0].pk).update(status="active")
    assert dispatch(MORNING + timedelta(days=3)) == 2  # back again: caught up once, with the other's next night


def test_a_schema_behind_the_code_is_left_alone(both: tuple[Organization, Organization], eager: None) -> None:
    with context.public():
        Schema.objects.filter(name="org_acme").update(head="an older one")
    assert dispatch(MORNING) == 1
    with context.public():
        Schema.objects.filter(name="org_acme").update(head=current_head(), state="migrating")
    assert dispatch(MORNING) == 0


def test_no_organization_has_more_in_flight_than_allowed(
    acme: Organization, globex: Organization, settings: Settings
) -> None:
    settings.TENANCY_JOBS_IN_FLIGHT = 2
    later = NIGHT + timedelta(days=2)
    due.fill(NIGHT)
    assert DueWork.objects.filter(schema_name="org_acme", due_at__lte=later).count() >= 3
    claimed = dispatcher.claim(later)
    assert Counter(claim.visit.schema for claim in claimed) == {"org_acme": 2, "org_globex": 2}
    assert dispatcher.claim(later) == []
    DueWork.objects.filter(job=claimed[0].job).update(claimed_until=None, due_at=later + timedelta(days=1))
    DueWork.objects.filter(schema_name="org_globex").update(claimed_until=None, due_at=later + timedelta(days=1))
    assert [claim.visit.schema for claim in dispatcher.claim(later)] == ["org_acme"]


def test_a_full_organization_does_not_hide_the_others(
    acme: Organization, globex: Organization, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.TENANCY_JOBS_IN_FLIGHT = 1
    monkeypatch.setattr(dispatcher, "BATCH", 1)
    due.fill(NIGHT)
    DueWork.objects.filter(schema_name="org_acme").update(due_at=NIGHT)
    later = NIGHT + timedelta(days=2)
    assert [claim.visit.schema for _ in range(3) for claim in dispatcher.claim(later)] == ["org_acme", "org_globex"]


def test_what_a_dead_worker_had_is_picked_up_after_its_lease_alone(both: tuple[Organization, Organization]) -> None:
    claimed = dispatcher.claim(MORNING)
    assert len(claimed) == 2
    assert dispatcher.claim(MORNING + dispatcher.LEASE - timedelta(seconds=1)) == []
    again = dispatcher.claim(MORNING + dispatcher.LEASE)
    assert [(claim.lost, claim.visit.slot, claim.visit.attempts) for claim in again] == [(True, NIGHT, 2)] * 2
    assert [len(visits) for _job, _share, visits in dispatcher.chunks(again)] == [1, 1]


def test_two_dispatchers_at_once_send_each_run_once(both: tuple[Organization, Organization], eager: None) -> None:
    """Real connections, real commits: beat runs twice, and both dispatch in the same moment, five minutes long."""
    with context.public():
        due.fill(NIGHT)
    barrier, sent = threading.Barrier(4), []

    def dispatch_at_once() -> None:
        try:
            for minute in range(5):
                barrier.wait(timeout=20)
                sent.append(dispatch(MORNING + timedelta(minutes=minute)))
        finally:
            connection.close()

    threads = [threading.Thread(target=dispatch_at_once) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(traces("nightly")) == 2
    assert sum(sent) == len(traces("nightly")) + len(traces("often")) + len(traces("hourly"))
    with context.public():
        assert JobRun.objects.count() == sum(sent)


def test_a_chunk_that_comes_twice_runs_once(both: tuple[Organization, Organization]) -> None:
    visits = [claim.visit for claim in dispatcher.claim(MORNING)]
    assert run_chunk("sample.nightly", visits, now=MORNING) == {"done": 2}
    assert run_chunk("sample.nightly", visits, now=MORNING + timedelta(minutes=5)) == {"repeated": 2}
    assert len(traces("nightly")) == 2
    assert row(both[0]).slot == NIGHT + timedelta(days=1)


def test_two_workers_with_the_same_chunk_run_it_once(both: tuple[Organization, Organization]) -> None:
    visits = [claim.visit for claim in dispatcher.claim(MORNING)]
    outcomes: Counter[str] = Counter()

    def work() -> None:
        try:
            with context.public():
                outcomes.update(run_chunk("sample.nightly", visits, now=MORNING))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes == {"done": 2, "repeated": 2}
    assert len(traces("nightly")) == 2


def test_an_organization_suspended_between_claim_and_visit_is_refused(
    both: tuple[Organization, Organization],
) -> None:
    visits = [claim.visit for claim in dispatcher.claim(MORNING)]
    Organization.objects.filter(pk=both[0].pk).update(status="suspended")
    assert run_chunk("sample.nightly", visits, now=MORNING) == {"done": 1, "refused": 1}
    assert JobRefusal.objects.get().reason == "suspended"


def test_chunks_keep_to_a_share_and_to_their_size() -> None:
    claimed = [
        dispatcher.Claim("a", False, dispatcher.Visit(f"org_{number}", uuid7(), NIGHT, NIGHT)) for number in range(1000)
    ]
    chunks = list(dispatcher.chunks(claimed))
    assert sum(len(visits) for _job, _share, visits in chunks) == 1000
    assert len(chunks) <= 1000 // dispatcher.CHUNK + settings.TENANCY_JOB_SHARES
    for _job, share, visits in chunks:
        assert {dispatcher.share_of(visit.schema) for visit in visits} == {share}
        assert len(visits) <= dispatcher.CHUNK
    assert dispatcher.Visit.from_message(claimed[0].visit.as_message()) == claimed[0].visit


def test_one_index_serves_the_dispatcher(both: tuple[Organization, Organization]) -> None:
    """Among 20,000 rows, of which two are due."""
    later = NIGHT + timedelta(days=300)
    DueWork.objects.bulk_create(
        DueWork(schema_name=f"org_{number}", organization_id=uuid7(), job="sample.often", due_at=later, slot=later)
        for number in range(20_000)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE tenancy_duework")
        cursor.execute(
            "EXPLAIN SELECT id FROM tenancy_duework d WHERE due_at <= %s AND (claimed_until IS NULL OR"
            " claimed_until <= %s) ORDER BY due_at LIMIT 1000 FOR UPDATE OF d SKIP LOCKED",
            [MORNING, MORNING],
        )
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "Index Scan using tenancy_duework_due" in plan
    assert "Seq Scan" not in plan
