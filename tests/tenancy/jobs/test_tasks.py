"""What a task finds and what it leaves behind."""

from __future__ import annotations

import pytest
from celery import Celery
from celery.signals import task_prerun
from django.db import connection
from django.utils import timezone

from shared_apps.organizations.models import Organization
from shared_apps.tenancy import context
from shared_apps.tenancy.jobs import enqueue, pending
from shared_apps.tenancy.jobs.base import LeftOpen, clean_exit
from shared_apps.tenancy.models import PendingJob
from tenant_apps.team.models import Member
from tests.tenancy.jobs.conftest import elsewhere
from tests.tenancy.jobs.samples import traces

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_transient_error_is_tried_again(acme: Organization, eager: None) -> None:
    with context.enter(acme.schema_name):
        enqueue("sample.recovers")
        assert len(traces("recovers")) == 3
        assert set(Member.objects.values_list("name", flat=True)) == {"Recovered"}
    with context.public():
        assert not PendingJob.objects.exists()


def test_a_job_that_leaves_another_schema_active_is_caught(acme: Organization, eager: None) -> None:
    with context.enter(acme.schema_name):
        before = context.active()
        enqueue("sample.leaves_context")
        assert context.active() is before


def test_a_job_that_leaves_a_transaction_open_is_caught_and_its_connection_closed(
    acme: Organization, eager: None
) -> None:
    with context.enter(acme.schema_name):
        enqueue("sample.leaves_transaction")
    with context.public():
        assert "INTRANS" in PendingJob.objects.get().error
        assert traces("leaves_transaction") != [str(connection.connection.info.backend_pid)]


def test_clean_exit_says_what_was_left() -> None:
    with pytest.raises(LeftOpen, match="active: "), clean_exit():
        context.choose(context.Active("org_globex"))
    assert context.active().is_public
    connection.ensure_connection()
    with pytest.raises(LeftOpen, match="transaction: INTRANS"), clean_exit():
        connection.connection.execute("BEGIN")


def test_clean_exit_lets_the_jobs_own_error_through() -> None:
    def job() -> None:
        context.choose(None)
        raise ValueError("mine")

    with pytest.raises(ValueError, match="mine"), clean_exit():
        job()
    assert context.active().is_public


def test_a_job_that_kills_its_workers_is_given_up(acme: Organization) -> None:
    now = timezone.now()
    job = PendingJob.objects.create(
        name="sample.where", schema_name="org_acme", organization_id=acme.pk, queued_at=now, send_at=now
    )
    lost = [pending.lost_too_often(str(job.pk), now=now) for _ in range(pending.MOST_LOSSES + 1)]
    assert lost == [False] * pending.MOST_LOSSES + [True]
    job.refresh_from_db()
    assert job.failed_at == now
    assert "workers were lost" in job.error


def test_a_job_that_is_only_slow_counts_as_no_loss_and_is_not_waited_for(acme: Organization) -> None:
    now = timezone.now()
    job = PendingJob.objects.create(
        name="sample.where", schema_name="org_acme", organization_id=acme.pk, queued_at=now, send_at=now
    )
    with elsewhere() as running:
        running.execute("SELECT 1 FROM tenancy_pendingjob FOR UPDATE")
        assert not any(pending.lost_too_often(str(job.pk), now=now) for _ in range(pending.MOST_LOSSES + 1))
    job.refresh_from_db()
    assert job.losses == 0


def test_why_the_context_is_no_signals_business() -> None:
    """Celery swallows what a receiver raises: the task of an organization that is gone would run, in public."""
    ran = []
    app = Celery("vanilla", set_as_current=False)

    @app.task(name="vanilla")
    def task() -> None:
        ran.append(1)

    def enter_organization(**_: object) -> None:
        raise LookupError("no such organization")

    task_prerun.connect(enter_organization, sender=task)
    try:
        task.apply()
    finally:
        task_prerun.disconnect(enter_organization, sender=task)
    assert ran == [1]


def test_a_connection_that_served_too_many_schemas_is_replaced(
    acme: Organization, globex: Organization, eager: None, settings: object
) -> None:
    settings.TENANCY_SCHEMAS_PER_CONNECTION = 1  # type: ignore[attr-defined]
    with context.enter(acme.schema_name):
        enqueue("sample.where")
    with context.enter(globex.schema_name):
        enqueue("sample.where")
    assert connection.connection is None
    assert len(traces("where")) == 2
