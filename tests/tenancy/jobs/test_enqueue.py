from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
import structlog
from celery import current_app
from django.db import transaction
from django.utils import timezone

from shared_apps.organizations.models import Organization
from shared_apps.tenancy import context
from shared_apps.tenancy.jobs import NoOrganization, UnknownJob, enqueue, queueing
from shared_apps.tenancy.models import JobRefusal, PendingJob
from tenant_apps.team.models import Member
from tests.tenancy.jobs.conftest import elsewhere
from tests.tenancy.jobs.samples import traces

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def broker_away() -> Iterator[None]:
    """Celery finds nobody at its broker's address."""
    before = current_app.conf.broker_write_url
    _point_to("redis://127.0.0.1:1/0")
    yield
    _point_to(before)


def _point_to(url: str) -> None:
    current_app.conf.broker_write_url = url
    current_app.amqp._producer_pool = None  # it is made anew, for this address


def test_an_unknown_name_raises_at_the_call(acme: Organization) -> None:
    with context.enter(acme.schema_name), pytest.raises(UnknownJob, match=r"sample\.nothing"):
        enqueue("sample.nothing")


def test_an_organizations_job_is_not_enqueued_from_public() -> None:
    with pytest.raises(NoOrganization):
        enqueue("sample.where")
    with context.enter("tenancy_template"), pytest.raises(NoOrganization):
        enqueue("sample.where")
    assert not PendingJob.objects.exists()


@pytest.mark.parametrize("arguments", [{"member": 1}, {"member_id": object()}, {"member_id": timezone.now()}])
def test_arguments_that_do_not_fit_raise_at_the_call(acme: Organization, arguments: dict[str, object]) -> None:
    with context.enter(acme.schema_name), pytest.raises(TypeError):
        enqueue("sample.where", **arguments)


def test_it_runs_after_the_commit_in_the_schema_of_the_call(acme: Organization, eager: None) -> None:
    member_id = uuid4()
    with context.enter(acme.schema_name), transaction.atomic():
        enqueue("sample.where", member_id=member_id)
        assert traces("where") == []
    assert traces("where") == [f"{acme.schema_name} {acme.pk} {member_id}"]
    with context.public():
        assert not PendingJob.objects.exists()


def test_nothing_is_promised_by_a_transaction_that_rolls_back(acme: Organization, eager: None) -> None:
    with context.enter(acme.schema_name), transaction.atomic():
        enqueue("sample.where")
        transaction.set_rollback(True)
    assert traces("where") == []
    with context.public():
        assert not PendingJob.objects.exists()


def test_a_platform_job_runs_in_public_wherever_it_was_enqueued(acme: Organization, eager: None) -> None:
    with context.enter(acme.schema_name):
        enqueue("sample.platform")
    assert traces("platform") == ["public"]


def test_the_request_id_travels(acme: Organization, broker_away: None) -> None:
    with context.enter(acme.schema_name), structlog.contextvars.bound_contextvars(request_id="r-1"):
        enqueue("sample.where")
    assert PendingJob.objects.get().request_id == "r-1"


def test_a_broker_that_is_away_delays_a_job_and_breaks_nothing(acme: Organization, broker_away: None) -> None:
    with context.enter(acme.schema_name), transaction.atomic():
        job_id = enqueue("sample.where")
        Member.objects.update(name="Renamed")
    with context.enter(acme.schema_name):
        assert set(Member.objects.values_list("name", flat=True)) == {"Renamed"}
    assert PendingJob.objects.get().pk == job_id


def test_the_reminder_sends_what_was_not_done_with_growing_pauses(acme: Organization, broker_away: None) -> None:
    with context.enter(acme.schema_name):
        enqueue("sample.where")
    promise = PendingJob.objects.get()
    assert queueing.remind(now=promise.queued_at + timedelta(minutes=1)) == 0
    now = promise.send_at
    waits = []
    for _ in range(6):
        assert queueing.remind(now=now) == 0  # the broker is still away: tried and not sent
        promise.refresh_from_db()
        waits.append((promise.send_at - now) // timedelta(minutes=1))
        now = promise.send_at
    assert waits == [4, 8, 16, 32, 60, 60]


def test_the_reminder_finishes_the_job(acme: Organization, eager: None) -> None:
    with context.public():
        now = timezone.now()
        PendingJob.objects.create(
            name="sample.where", schema_name=acme.schema_name, organization_id=acme.pk, queued_at=now, send_at=now
        )
    assert queueing.remind(now=now) == 1
    assert len(traces("where")) == 1
    assert queueing.remind(now=now + timedelta(days=1)) == 0


def test_a_message_that_comes_twice_is_worked_off_once(acme: Organization, eager: None) -> None:
    with context.public():
        now = timezone.now()
        promise = PendingJob.objects.create(
            name="sample.where", schema_name=acme.schema_name, organization_id=acme.pk, queued_at=now, send_at=now
        )
    assert queueing.send(promise)
    assert queueing.send(promise)
    assert len(traces("where")) == 1


def test_a_message_for_a_job_that_runs_right_now_is_dropped(acme: Organization, eager: None) -> None:
    """The running transaction holds the promise's row; the second message does not wait for it."""
    with context.public():
        now = timezone.now()
        promise = PendingJob.objects.create(
            name="sample.where", schema_name=acme.schema_name, organization_id=acme.pk, queued_at=now, send_at=now
        )
        with elsewhere() as other:
            other.execute("SELECT 1 FROM tenancy_pendingjob FOR UPDATE")
            assert queueing.send(promise)
            assert queueing.remind(now=now) == 0
            assert traces("where") == []
    assert queueing.send(promise)
    assert len(traces("where")) == 1


def test_a_failed_job_is_kept_with_its_error_and_sent_again_by_hand(acme: Organization, eager: None) -> None:
    with context.enter(acme.schema_name):
        job_id = enqueue("sample.breaks")
        assert "Broken" not in Member.objects.values_list("name", flat=True)
    with context.public():
        job = PendingJob.objects.get(pk=job_id)
        assert job.error == "ValueError: it broke"
        assert queueing.remind(now=timezone.now() + timedelta(days=1)) == 0  # nobody tries by himself
        assert queueing.retry(job_id, now=timezone.now())
        assert not queueing.retry(UUID(int=0), now=timezone.now())
        assert PendingJob.objects.get(pk=job_id).failed_at  # it ran, and broke again


@pytest.mark.parametrize("status", ["suspended", "archived", "deleting"])
def test_an_organization_that_may_not_run_is_refused_on_record(acme: Organization, eager: None, status: str) -> None:
    with context.public():
        Organization.objects.filter(pk=acme.pk).update(status=status)
    with context.enter(acme.schema_name):
        enqueue("sample.where")
    assert traces("where") == []
    with context.public():
        assert list(JobRefusal.objects.values_list("job", "schema_name", "organization_id", "reason")) == [
            ("sample.where", acme.schema_name, acme.pk, status)
        ]
        assert not PendingJob.objects.exists()


def test_a_schema_name_that_is_another_organizations_now_is_refused(
    acme: Organization, globex: Organization, eager: None
) -> None:
    with context.public():
        _send_to(acme.schema_name, globex.pk)
        _send_to("org_gone", uuid4())
        assert set(JobRefusal.objects.values_list("reason", flat=True)) == {
            "another organization",
            "no such organization",
        }
    assert traces("where") == []


@pytest.mark.parametrize("message", [{}, {"envelope": {"schema": "public", "organization_id": str(uuid4())}}])
def test_a_message_that_names_no_organization_is_refused(eager: None, message: dict[str, object]) -> None:
    """Celery's own `.delay()`, or somebody with access to the broker."""
    queueing.publish("sample.where", message)
    assert traces("where") == []
    with context.public():
        assert JobRefusal.objects.get().reason == "names no organization"


def test_a_job_for_an_organization_that_is_not_ready_waits(acme: Organization, eager: None) -> None:
    with context.public():
        Organization.objects.filter(pk=acme.pk).update(status="provisioning")
        with context.enter(acme.schema_name):
            enqueue("sample.where")
        assert traces("where") == []
        Organization.objects.filter(pk=acme.pk).update(status="active")
        assert queueing.remind(now=PendingJob.objects.get().send_at) == 1
    assert len(traces("where")) == 1


def _send_to(schema: str, organization_id: UUID) -> None:
    now = timezone.now()
    queueing.send(
        PendingJob.objects.create(
            name="sample.where", schema_name=schema, organization_id=organization_id, queued_at=now, send_at=now
        )
    )
