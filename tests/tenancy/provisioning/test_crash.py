"""A process killed in the middle leaves nothing that the next call, or the sweep, does not put right."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings as django_settings
from django.db import connection

from shared_apps.tenancy import deletion, pool, provisioning, registry, template
from shared_apps.tenancy.models import ProvisionStep, Schema
from shared_apps.tenancy.names import TEMPLATE
from shared_apps.tenancy.provisioning import Method, progress, provision, recover
from tests.tenancy.provisioning.conftest import schemas
from tests.tenancy.provisioning.test_provision import assert_ready

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("leave_nothing")]

PROGRAM = """
import django
django.setup()
from shared_apps.tenancy import deletion, pool, provisioning
{work}
"""
Start = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture
def start() -> Iterator[Start]:
    """Run a line of Python in a process of its own, on this test's database."""
    started: list[subprocess.Popen[bytes]] = []

    def begin(work: str, *, hook: str = "") -> subprocess.Popen[bytes]:
        url = urlsplit(os.environ["DATABASE_URL"])
        environment = {
            **os.environ,
            "DATABASE_URL": urlunsplit(url._replace(path=f"/{connection.settings_dict['NAME']}")),
            "DJANGO_SETTINGS_MODULE": "config.settings.test",
            "TENANCY_AFTER_CREATE": f"tests.tenancy.provisioning.hooks.{hook}" if hook else "",
            "TENANCY_POOL_SIZE": "0",
        }
        program = PROGRAM.format(work=work)
        root = Path(django_settings.BASE_DIR)
        started.append(subprocess.Popen([sys.executable, "-c", program], env=environment, cwd=root))
        return started[-1]

    yield begin
    for process in started:
        process.kill()
        process.wait(10)


def until(happened: Callable[[], bool], seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.002)


def test_killed_at_the_end_of_a_clone_nothing_is_there_and_the_next_call_makes_it(start: Start) -> None:
    template.ensure()

    assert start("provisioning.provision('org_new')", hook="die").wait(120) == -signal.SIGKILL

    assert not registry.look("org_new").exists
    assert progress("org_new").state == Schema.State.BUILDING
    assert progress("org_new").current == ProvisionStep.Step.CLONE  # the trace it left
    assert provision("org_new") == Method.CLONE
    assert_ready("org_new")


def test_killed_at_the_end_of_migrations_what_it_left_is_cleared(start: Start) -> None:
    template.ensure()
    Schema.objects.filter(name=TEMPLATE).update(head="an earlier one")

    assert start("provisioning.provision('org_new')", hook="die").wait(120) == -signal.SIGKILL

    assert registry.look("org_new").is_half_made
    assert progress("org_new").current == ProvisionStep.Step.HOOK
    template.ensure()
    assert provision("org_new") == Method.CLONE
    assert_ready("org_new")
    assert not ProvisionStep.objects.filter(schema_name="org_new", state=ProvisionStep.State.STARTED).exists()


def test_killed_between_two_migrations_the_sweep_makes_it_whole(start: Start) -> None:
    template.ensure()
    Schema.objects.filter(name=TEMPLATE).update(head="an earlier one")
    process = start("provisioning.provision('org_new')")
    until(lambda: registry.look("org_new").exists)

    assert not recover()  # a process is at it
    process.kill()
    assert process.wait(10) == -signal.SIGKILL
    assert registry.look("org_new").is_half_made
    template.ensure()

    assert recover() == {"org_new": Method.CLONE}
    assert_ready("org_new")
    assert recover() == {}


def test_killed_while_refilling_the_pool_only_whole_schemas_are_in_it(start: Start) -> None:
    template.ensure()
    process = start("pool.refill(50)")
    until(lambda: len(schemas("pool_")) >= 2)
    process.kill()
    process.wait(10)

    registered = set(Schema.objects.filter(kind=Schema.Kind.POOL).values_list("name", flat=True))
    assert schemas("pool_") == registered
    ready = pool.status().ready
    assert ready == len(registered)
    assert pool.refill(ready + 1) == 1  # the dead worker's lock is free


def test_killed_while_dropping_the_sweep_finishes_it(start: Start) -> None:
    for number in range(8):
        provision(f"org_{number}")
        deletion.retire(f"org_{number}", slug=str(number))
    process = start("deletion.drop_retired()")
    until(lambda: len(schemas("trash_")) < 8)
    process.kill()
    process.wait(10)
    left = schemas("trash_")
    assert left

    assert set(recover()) >= left
    assert schemas("trash_") == set()
    assert not Schema.objects.filter(kind=Schema.Kind.TRASH).exists()


def test_a_failing_schema_does_not_stop_the_sweep() -> None:
    Schema.objects.create(name="org_a", kind=Schema.Kind.ORGANIZATION)
    Schema.objects.create(name="org_b", kind=Schema.Kind.ORGANIZATION)
    deletion.retire("org_a", slug="a")
    Schema.objects.create(name="org_a", kind=Schema.Kind.ORGANIZATION)  # contradicts the tombstone

    done = recover()

    assert done["org_a"].startswith("failed: ")
    assert done["org_b"] == Method.CLONE
    assert_ready("org_b")
    assert provisioning.is_taken("org_a")
