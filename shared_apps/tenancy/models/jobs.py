"""Background work: what is promised, what is due, what was done, and what was refused. All of it in public."""

from django.db import models
from django.db.models import F, Q

from shared_apps.core.models import UUIDModel


class PendingJob(UUIDModel):
    """A job promised by `enqueue()`, from the transaction that promised it until the one that did it.

    The id is the Celery task's. The row goes in the same transaction as the job's own writes, so a message that comes
    twice finds nothing to do, and a message that never comes is sent again at `send_at`.
    """

    name = models.CharField(max_length=100)
    schema_name = models.CharField(max_length=63)
    organization_id = models.UUIDField(null=True, blank=True)  # none: a job of the platform
    arguments = models.JSONField(default=dict, blank=True)
    request_id = models.CharField(max_length=100, blank=True)
    queued_at = models.DateTimeField()
    send_at = models.DateTimeField()
    sends = models.PositiveSmallIntegerField(default=1)
    losses = models.PositiveSmallIntegerField(default=0)
    failed_at = models.DateTimeField(null=True, blank=True)  # set: nobody tries again by himself
    error = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["send_at"], name="tenancy_pendingjob_send", condition=Q(failed_at=None)),
            models.Index(fields=["schema_name"], name="tenancy_pendingjob_schema"),
        ]

    def __str__(self) -> str:
        return f"{self.name} in {self.schema_name}"


class DueWork(models.Model):
    """The due index: one row per organization and periodic job that has to run, now or later.

    `slot` is the moment the run is for, the same whoever computes it; `due_at` is when to start: the slot plus jitter,
    or later after a failure. While `claimed_until` lies ahead, a worker has it.
    """

    schema_name = models.CharField(max_length=63)
    organization_id = models.UUIDField()
    job = models.CharField(max_length=100)
    due_at = models.DateTimeField()
    slot = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["schema_name", "job"], name="tenancy_duework_once")]
        indexes = [models.Index(fields=["due_at"], name="tenancy_duework_due")]

    def __str__(self) -> str:
        return f"{self.job} in {self.schema_name} at {self.due_at:%Y-%m-%d %H:%M}"


class JobRun(models.Model):
    """The ledger of periodic jobs: one row per organization, job and slot, written in the run's own transaction."""

    class State(models.TextChoices):
        RUNNING = "running"  # never seen from outside: it commits together with `done`
        DONE = "done"
        FAILED = "failed"

    schema_name = models.CharField(max_length=63)
    organization_id = models.UUIDField()
    job = models.CharField(max_length=100)
    slot = models.DateTimeField()
    state = models.CharField(max_length=7, choices=State)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    lateness = models.DurationField()  # of the start, behind the time it was due
    attempts = models.PositiveSmallIntegerField(default=1)
    error = models.TextField(blank=True)
    result = models.JSONField(default=dict, blank=True)  # what the job says it did: {"told": 12}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["schema_name", "job", "slot"], name="tenancy_jobrun_once")]
        indexes = [models.Index(fields=["started_at"], name="tenancy_jobrun_started")]
        ordering = [F("started_at").desc()]

    def __str__(self) -> str:
        return f"{self.job} in {self.schema_name} for {self.slot:%Y-%m-%d %H:%M}: {self.state}"


class JobRefusal(models.Model):
    """A job that came for an organization which is gone, suspended, archived, being deleted or another one."""

    schema_name = models.CharField(max_length=63, blank=True)
    organization_id = models.UUIDField(null=True, blank=True)
    job = models.CharField(max_length=100)
    reason = models.CharField(max_length=40)
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.job} in {self.schema_name}: {self.reason}"
