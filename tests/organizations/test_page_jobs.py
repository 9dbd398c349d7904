"""What the owner sees of the tasks that run by themselves."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

from django.test import Client
from django.utils import timezone

from shared_apps.accounts.models import User
from shared_apps.organizations.models import Organization
from shared_apps.tenancy.models import DueWork, JobRun

Pages = Callable[[User | None, Organization], Client]
JOB = "scheduling.remind_tomorrow"


def ran(organization: Organization, state: str = "done", **fields: object) -> None:
    now = timezone.now()
    given = {"slot": now, "started_at": now, "finished_at": now, "lateness": timedelta(minutes=12), **fields}
    JobRun.objects.create(
        schema_name=organization.schema_name, organization_id=organization.pk, job=JOB, state=state, **given
    )


def test_what_it_did_and_when_it_runs_next(pages: Pages, acme: Organization, globex: Organization, alice: User) -> None:
    ran(acme, result={"visits": 12, "messages": 20, "none": 0})
    ran(globex, result={"visits": 777})
    tomorrow = timezone.now() + timedelta(days=1)
    DueWork.objects.create(
        schema_name=acme.schema_name, organization_id=acme.pk, job=JOB, slot=tomorrow, due_at=tomorrow
    )
    text = pages(alice, acme).get("/settings/jobs/").content.decode()
    assert "Remind of tomorrow&#x27;s visits" in text
    assert "visits: 12 · messages: 20" in text
    assert "12 minutes late" in text
    assert not re.search(r"\b777\b", text)  # as a number: a token may hold these digits


def test_a_failure_is_shown_without_its_insides(pages: Pages, acme: Organization, alice: User) -> None:
    ran(acme, state="failed", error="IntegrityError: secret detail", attempts=3)
    text = pages(alice, acme).get("/settings/jobs/").content.decode()
    assert "failed, tries again" in text
    assert "secret detail" not in text


def test_for_the_owner_only(pages: Pages, acme: Organization, bob: User) -> None:
    assert pages(bob, acme).get("/settings/jobs/").status_code == 403
