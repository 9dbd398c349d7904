"""Every task of Celery's registry: declared, refusing whom it must, and at home in one organization at a time."""

from __future__ import annotations

import pytest
from celery import shared_task

from config.celery import app
from shared_apps.core.ids import uuid7
from shared_apps.organizations.models import Organization
from shared_apps.tenancy import context
from shared_apps.tenancy.jobs.registry import Kind
from shared_apps.tenancy.models import JobRefusal
from tests.isolation import tasks
from tests.isolation.conftest import Worlds, assert_on_the_right_path

every_organization_task = pytest.mark.parametrize("name", tasks.names(Kind.ORGANIZATION))
every_platform_task = pytest.mark.parametrize("name", tasks.names(Kind.PLATFORM))


def test_every_task_is_declared_through_the_engine() -> None:
    assert tasks.undeclared(tasks.registered()) == []


def test_every_task_has_its_arguments() -> None:
    assert tasks.uncovered(tasks.registered()) == []


def test_no_arguments_for_a_task_that_is_gone() -> None:
    assert set(tasks.ARGUMENTS) - set(tasks.registered()) == set()


def test_a_task_past_the_engine_is_noticed() -> None:
    @shared_task(name="isolation.past_the_engine")
    def past_the_engine() -> None:
        """Would run wherever the worker happens to be."""

    try:
        assert tasks.undeclared(tasks.registered()) == ["isolation.past_the_engine"]
    finally:
        app.tasks.pop("isolation.past_the_engine", None)


@every_organization_task
@pytest.mark.parametrize("status", ["suspended", "archived", "deleting"])
def test_refuses_an_organization_that_is_not_active(name: str, status: str, worlds: Worlds) -> None:
    Organization.objects.filter(pk=worlds.acme.organization.pk).update(status=status)
    before = worlds.digest()
    tasks.run(name, worlds.acme)
    assert list(JobRefusal.objects.filter(job=name).values_list("reason", flat=True)) == [status]
    assert worlds.digest() == before


@every_organization_task
def test_refuses_an_organization_that_does_not_exist(name: str, worlds: Worlds) -> None:
    before = worlds.digest()
    tasks.run(name, worlds.acme, schema="org_nowhere")
    tasks.run(name, worlds.acme, schema="public")
    tasks.run(name, worlds.acme, organization_id=uuid7())  # the schema's name, but another organization's message
    tasks.run(name, worlds.acme, organization_id=worlds.globex.organization.pk)
    assert JobRefusal.objects.filter(job=name).count() == 4
    assert worlds.digest() == before


@every_organization_task
def test_touches_its_own_organization_only(name: str, worlds: Worlds) -> None:
    for own, other in ((worlds.acme, worlds.globex), (worlds.globex, worlds.acme)):
        before = worlds.digest()[other.schema]
        with context.activate(None):
            tasks.run(name, own)
            assert context.active_or_none() is None
        assert worlds.digest()[other.schema] == before
        assert_on_the_right_path(own.schema)
    assert not JobRefusal.objects.filter(job=name).exists()


@every_platform_task
def test_a_platform_task_leaves_the_context_as_it_was(name: str, worlds: Worlds) -> None:
    with context.activate(None):
        tasks.run(name, worlds.acme)
        assert context.active_or_none() is None
    assert_on_the_right_path(worlds.acme.schema)
