"""Background work: what ran, what waits, what was given up. Both can be run again."""

from __future__ import annotations

import json
from typing import Any

from django.contrib.admin import EmptyFieldListFilter, display
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shared_apps.accounts.models import User
from shared_apps.console import actions
from shared_apps.console.actions import Action
from shared_apps.console.admins.base import ReadOnlyAdmin
from shared_apps.console.site import register
from shared_apps.console.words import narrowed, told
from shared_apps.core.errors import DomainError
from shared_apps.tenancy.jobs import due, queueing
from shared_apps.tenancy.models import JobRefusal, JobRun, PendingJob


class NotToRun(DomainError):
    code = "not_to_run"
    message = _("This job does not wait to be run there any more.")


@register(JobRun, name=_("run of a job"), plural=_("runs of jobs"))
class JobRunAdmin(ReadOnlyAdmin):
    group, symbol, order = "operation", "schedule", 20
    list_display = ("started_at", "job", "schema_name", told("state"), "lateness", "attempts", "finished_at")
    list_filter = (narrowed("state"), "job")
    search_fields = ("job", "schema_name")
    ordering = ("-started_at",)
    fields = (
        "job", "schema_name", "organization_id", "slot", told("state"), "attempts", "lateness", "started_at",
        "finished_at", "written", "error",
    )  # fmt: skip

    @display(description=_("result"))
    def written(self, run: JobRun) -> str:
        return json.dumps(run.result, indent=2, ensure_ascii=False, sort_keys=True) if run.result else ""


@register(PendingJob, name=_("promised job"), plural=_("promised jobs"))
class PendingJobAdmin(ReadOnlyAdmin):
    group, symbol, order = "operation", "pending_actions", 30
    list_display = ("queued_at", "name", "schema_name", "send_at", "sends", "failed_at")
    list_filter = (("failed_at", EmptyFieldListFilter), "name")
    search_fields = ("name", "schema_name")
    ordering = ("-queued_at",)
    fields = (
        "name", "schema_name", "organization_id", "request_id", "queued_at", "send_at", "sends", "losses", "failed_at",
        "error",
    )  # fmt: skip


@register(JobRefusal, name=_("refused job"), plural=_("refused jobs"))
class JobRefusalAdmin(ReadOnlyAdmin):
    group, symbol, order = "operation", "block", 35
    list_display = ("at", "job", "schema_name", "reason")
    list_filter = ("reason", "job")
    search_fields = ("schema_name", "job")
    ordering = ("-at",)


def _run_again(run: JobRun, *, actor: User, reason: str) -> Any:
    if not due.bring_forward(run.job, run.schema_name, timezone.now()):
        raise NotToRun
    return _("will run within a minute")


def _retry(promise: PendingJob, *, actor: User, reason: str) -> Any:
    if not queueing.retry(promise.pk, now=timezone.now()):
        raise NotToRun
    return _("is worked on again")


for action in (
    Action(
        JobRun,
        "run_again",
        _("Run again"),
        _run_again,
        _("The job runs once more in this organization, as if it were due."),
    ),
    Action(
        PendingJob,
        "retry",
        _("Send again"),
        _retry,
        possible=lambda promise: promise.failed_at is not None,
        passes=True,
    ),
):
    actions.add(action)
