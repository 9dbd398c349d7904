"""What can run in the background: every task of Celery's registry, and whether it was declared through the engine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from inspect import Parameter
from typing import Any

from celery import Task

from config.celery import app
from shared_apps.tenancy.jobs.base import JobTask, OrganizationTask, PlatformTask
from shared_apps.tenancy.jobs.dispatcher import Visit
from shared_apps.tenancy.jobs.registry import Kind, all_jobs, visiting_jobs
from tests.isolation.world import WHEN, World

# Celery's own building blocks. Nothing of ours sends them, and they touch no table.
THIRD_PARTY = ("celery.",)
SAMPLES = "sample."  # jobs that misbehave on purpose; the engine's own tests declare them in the same process

IMPORT_JOBS = ("check", "run", "undo")
# How to make the arguments of a job that takes some, from the organization it runs in. `now` is given to all.
ARGUMENTS: dict[str, Callable[[World], dict[str, Any]]] = {
    "tenancy.run_chunk": lambda world: {
        "job": visiting_jobs()[0].name,
        "visits": [Visit(world.schema, world.organization.pk, slot=WHEN, due_at=WHEN).as_message()],
    },
    "organizations.delete_files": lambda world: {"organization_id": str(world.organization.pk)},
    "mail.deliver": lambda world: {"mail_id": str(world.organization.pk)},  # no mail has this id
    "subscriptions.end_at_gateway": lambda world: {"subscription_id": str(world.organization.pk)},  # none has this id
    "subscriptions.follow_members": lambda world: {"organization_id": str(world.organization.pk)},
    "subscriptions.end_discount": lambda world: {"subscription_id": str(world.organization.pk)},
    "webhooks.end_doubles": lambda world: {"subscription_id": str(world.organization.pk)},  # nor this one
    "webhooks.work": lambda world: {"gateway": "sandbox", "subject": str(world.organization.pk)},  # nothing waits
    "tenancy.sweep_chunk": lambda world: {"schemas": [world.schema]},
    **{f"transfers.{job}": lambda world: {"import_id": str(world["transfers.Import"].pk)} for job in IMPORT_JOBS},
    "notifications.deliver": lambda world: {"ids": [str(world["notifications.Notification"].pk)]},
    "notifications.check_keys": lambda world: {"account_id": str(world["notifications.ChannelAccount"].pk)},
    "reports.make": lambda world: {"run_id": str(world["reports.Run"].pk)},
    "finance.connect_provider": lambda world: {"account_id": str(world["finance.ProviderAccount"].pk)},
    "finance.work_on_charge": lambda world: {"charge_id": str(world["finance.ProviderCharge"].pk)},
    "finance.follow_event": lambda world: {"event_id": str(world["finance.ProviderEvent"].pk)},
    "transfers.export": lambda world: {"export_id": str(world["transfers.Export"].pk)},
}


@cache
def _load() -> None:
    app.loader.import_default_modules()
    app.finalize()


def registered() -> dict[str, Task]:
    _load()
    return {name: task for name, task in app.tasks.items() if not name.startswith((*THIRD_PARTY, SAMPLES))}


def undeclared(tasks: Mapping[str, Task]) -> list[str]:
    """Tasks that went past the engine's decorators: nobody would enter an organization for them, or refuse one."""
    bases = {Kind.ORGANIZATION: OrganizationTask, Kind.PLATFORM: PlatformTask}
    return sorted(
        name
        for name, task in tasks.items()
        if not isinstance(task, JobTask) or task.job.name != name or not isinstance(task, bases[task.job.kind])
    )


def uncovered(tasks: Mapping[str, Task]) -> list[str]:
    """Tasks whose arguments nobody has said how to make."""
    return sorted(
        name for name, task in tasks.items() if isinstance(task, JobTask) and name not in ARGUMENTS and _needed(task)
    )


def _needed(task: JobTask) -> list[str]:
    return [
        parameter.name
        for parameter in task.job.signature.parameters.values()
        if parameter.default is Parameter.empty
        and parameter.kind in (Parameter.POSITIONAL_OR_KEYWORD, Parameter.KEYWORD_ONLY)
        and not (parameter.name == "now" and task.job.takes_now)
    ]


def names(kind: Kind) -> list[str]:
    registered()
    return [job.name for job in all_jobs() if job.kind is kind and not job.name.startswith(SAMPLES)]


def run(name: str, world: World, *, organization_id: object = None, schema: str | None = None) -> None:
    """Run a job as a worker would on a message for this organization."""
    envelope = {
        "schema": schema or world.schema,
        "organization_id": str(organization_id or world.organization.pk),
    }
    make = ARGUMENTS.get(name)
    registered()[name](envelope, make(world) if make else {})
