from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from io import StringIO
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from shared_apps.organizations.models import Organization
from shared_apps.tenancy import context
from shared_apps.tenancy.jobs import dispatch, due, enqueue
from shared_apps.tenancy.models import DueWork, PendingJob
from tests.tenancy.jobs.samples import redis, traces

pytestmark = pytest.mark.django_db(transaction=True)

NIGHT = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)


def jobs(*arguments: str) -> tuple[int, str]:
    """The command's exit code and output, both streams."""
    out = StringIO()
    try:
        with context.public():
            call_command("jobs", *arguments, stdout=out, stderr=out)
    except CommandError as end:
        return end.returncode, out.getvalue()
    return 0, out.getvalue()


def test_list_names_every_job_and_when_it_runs(db: None) -> None:
    code, text = jobs("list", "--json")
    assert code == 0
    found = {row["job"]: row for row in json.loads(text)}
    assert found["tenancy.dispatch"]["when"] == "every 0:01:00"
    assert found["tenancy.sweep_due"]["when"] == "at 04:40 UTC"
    assert found["sample.nightly"]["when"] == "at 02:00 local time"
    assert found["organizations.purge_expired"] == {
        "job": "organizations.purge_expired",
        "runs in": "organization",
        "when": "when due",
    }
    assert "sample.where" in jobs("list")[1]


def test_status_shows_the_next_run_the_last_and_what_went_wrong(acme: Organization, eager: None) -> None:
    with context.public():
        DueWork.objects.all().delete()
        due.fill(NIGHT - timedelta(hours=4))
        DueWork.objects.exclude(job="sample.nightly").delete()
    assert jobs("status", "acme")[0] == 0
    dispatch(NIGHT + timedelta(minutes=30))
    code, text = jobs("status", "acme")
    assert code == 0
    assert "2026-03-03 05:" in text
    assert "done" in text
    redis().sadd("sample:broken:org_acme", "nightly")
    dispatch(NIGHT + timedelta(days=2))
    with context.enter(acme.schema_name):
        job_id = enqueue("sample.breaks")
    code, text = jobs("status", "acme")
    assert code == 1
    assert "this organization's night is broken" in text
    assert str(job_id) in text
    found = json.loads(jobs("status", "--json")[1])
    assert found["failed"] == [[str(job_id), "sample.breaks", "org_acme", "ValueError: it broke"]]
    assert {row["state"] for row in found["jobs"] if row["schema"] == "org_acme"} == {"failed"}


def test_run_does_it_here_and_now(acme: Organization) -> None:
    code, text = jobs("run", "sample.where", "acme", "--arguments", '{"member_id": "x"}')
    assert (code, "done in" in text) == (0, True)
    assert jobs("run", "sample.platform")[0] == 0
    assert traces("where") == [f"org_acme {acme.pk} x"]
    assert traces("platform") == ["public"]
    assert jobs("run", "sample.nightly", "acme")[0] == 0
    assert DueWork.objects.get(schema_name="org_acme", job="sample.nightly").due_at > timezone.now()


@pytest.mark.parametrize(
    ("arguments", "code", "reason"),
    [
        (["run", "sample.nothing"], 1, "No job is called"),
        (["run", "sample.where"], 1, "name one"),
        (["run", "sample.platform", "acme"], 1, "the platform"),
        (["run", "sample.where", "nowhere"], 1, "no organization nowhere"),
        (["status", "nowhere"], 1, "no organization nowhere"),
        (["retry", str(UUID(int=0))], 1, "given up"),
    ],
)
def test_refusals_say_why(acme: Organization, arguments: list[str], code: int, reason: str) -> None:
    found, text = jobs(*arguments)
    assert found == code
    assert reason in text


def test_a_suspended_organizations_job_is_not_run_by_hand_either(acme: Organization) -> None:
    Organization.objects.filter(pk=acme.pk).update(status="suspended")
    assert jobs("run", "sample.where", "acme") == (1, "suspended\n")


def test_retry_sends_it_again(acme: Organization, eager: None) -> None:
    with context.enter(acme.schema_name):
        job_id = enqueue("sample.breaks")
    with context.public():
        before = PendingJob.objects.get(pk=job_id).failed_at
    assert jobs("retry", str(job_id))[0] == 0
    with context.public():
        after = PendingJob.objects.get(pk=job_id).failed_at
    assert before
    assert after
    assert after > before
