"""Migrations over the fleet: the ledger of what was done to each schema, and the SQL it was done with."""

from django.db import models


class MigrationRun(models.Model):
    """One attempt at one migration in one schema. Rows are only added: a repaired failure keeps its history."""

    class State(models.TextChoices):
        DONE = "done"
        FAILED = "failed"

    class How(models.TextChoices):
        REPLAY = "replay"  # the SQL that the template was migrated with
        DJANGO = "django"  # Django's own executor in that schema

    schema_name = models.CharField(max_length=63)
    app = models.CharField(max_length=100)
    migration = models.CharField(max_length=200)
    state = models.CharField(max_length=6, choices=State)
    how = models.CharField(max_length=6, choices=How)
    started_at = models.DateTimeField()
    duration_ms = models.FloatField()  # of schemas migrated in one transaction: their share of it
    error = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["schema_name", "id"], name="tenancy_run_schema")]

    def __str__(self) -> str:
        return f"{self.schema_name}: {self.app}.{self.migration} {self.state}"


class MigrationScript(models.Model):
    """The statements with which the template went through a migration, for every schema that still has to."""

    app = models.CharField(max_length=100)
    migration = models.CharField(max_length=200)
    statements = models.JSONField(default=list)  # list of str, in order, without parameters
    replayable = models.BooleanField()
    reason = models.CharField(max_length=200, blank=True)  # why it is not replayable
    recorded_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["app", "migration"], name="tenancy_script_of_migration")]

    def __str__(self) -> str:
        return f"{self.app}.{self.migration}"
