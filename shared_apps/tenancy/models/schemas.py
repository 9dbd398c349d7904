"""Schemas: the registry, how each was made, and the names that may never come back."""

from django.db import models


class Schema(models.Model):
    """One row per schema the engine made. `head` and `state` change in the transaction that changes the schema."""

    class Kind(models.TextChoices):
        TEMPLATE = "template"
        POOL = "pool"
        ORGANIZATION = "organization"
        TRASH = "trash"

    class State(models.TextChoices):
        BUILDING = "building"
        READY = "ready"
        MIGRATING = "migrating"
        FAILED = "failed"
        DROPPING = "dropping"

    name = models.CharField(primary_key=True, max_length=63)
    kind = models.CharField(max_length=12, choices=Kind)
    state = models.CharField(max_length=10, choices=State, default=State.BUILDING)
    head = models.CharField(max_length=64, blank=True)  # fingerprint of the migrations applied (head.py)
    checksum = models.CharField(max_length=64, blank=True)  # of the catalogue, when last verified (checksum.py)
    error = models.TextField(blank=True)
    former_name = models.CharField(max_length=63, blank=True)  # of a trash schema: what it was called in use
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    verified_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["kind", "state", "head"], name="tenancy_schema_kind_state")]

    def __str__(self) -> str:
        return self.name


class ProvisionStep(models.Model):
    """One step of making a schema: what was tried, when, and how it ended. The rows survive the schema they tell of."""

    class Step(models.TextChoices):
        CLAIM = "claim"
        CLONE = "clone"
        MIGRATE = "migrate"
        VERIFY = "verify"
        HOOK = "hook"

    class State(models.TextChoices):
        STARTED = "started"
        DONE = "done"
        SKIPPED = "skipped"  # this way was not open (an empty pool, no template): the next one was taken
        FAILED = "failed"

    schema_name = models.CharField(max_length=63)
    step = models.CharField(max_length=8, choices=Step)
    state = models.CharField(max_length=8, choices=State, default=State.STARTED)
    error = models.TextField(blank=True)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["schema_name", "id"], name="tenancy_step_schema")]

    def __str__(self) -> str:
        return f"{self.schema_name}: {self.step} {self.state}"


class Tombstone(models.Model):
    """A name that was used once: neither slug nor schema name is ever given out again."""

    schema_name = models.CharField(primary_key=True, max_length=63)
    slug = models.CharField(max_length=63, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.slug
