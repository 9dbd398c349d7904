"""Imports and exports of the client book: what was asked, how far it is, and what it did."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from shared_apps.core.models import UUIDModel


class Import(UUIDModel):
    """A file of clients, appointments or entries on its way in.

    `state` moves by conditional UPDATEs alone, so each step happens once.
    """

    class State(models.TextChoices):
        MATCHING = "matching", _("waiting for the columns")
        CHECKING = "checking", _("being checked")
        CHECKED = "checked", _("checked")
        RUNNING = "running", _("under way")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", _("cancelled")
        UNDOING = "undoing", _("being undone")
        UNDONE = "undone", _("undone")

    class Duplicates(models.TextChoices):
        SKIP = "skip", _("Leave them as they are")
        UPDATE = "update", _("Fill them in with what the file says")
        CREATE = "create", _("Add them again as new clients")

    by = models.ForeignKey("team.Member", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=9, choices=State, default=State.MATCHING)
    kind = models.CharField(max_length=12, default="clients")  # clients, or a key of `kinds.ROW_KINDS`
    file_name = models.CharField(max_length=200)
    file = models.CharField(max_length=300, blank=True)  # in the default storage; empty once it was removed
    errors_file = models.CharField(max_length=300, blank=True)
    records_file = models.CharField(max_length=300, blank=True)  # of clients: the rows as the check read them
    reading = models.JSONField(default=dict)  # kind, encoding, delimiter, has_header, skip: see sheets.Reading
    head = models.JSONField(default=list)  # the first rows as they are in the file
    fingerprint = models.CharField(max_length=64, blank=True)  # of the headers: the same file again, the same columns
    mapping = models.JSONField(default=dict)  # column number as text -> field
    duplicates = models.CharField(max_length=6, choices=Duplicates, default=Duplicates.SKIP)
    rows = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    errors = models.JSONField(default=list)  # the first of them: [row, message]
    message = models.TextField(blank=True)  # why it failed
    undone = models.JSONField(default=dict)  # of an undo: how many were removed, restored, and the names it kept

    class Meta:
        indexes = [models.Index(fields=["-created_at"], name="transfers_import_recent")]

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_moving(self) -> bool:
        """Whether a task is at it."""
        return self.state in {self.State.CHECKING, self.State.RUNNING, self.State.UNDOING}

    @property
    def is_open(self) -> bool:
        """Whether the columns may still be chosen anew."""
        return bool(self.file) and self.state in {
            self.State.MATCHING, self.State.CHECKED, self.State.FAILED, self.State.CANCELLED,
        }  # fmt: skip

    @property
    def accepted(self) -> int:
        return self.created + self.updated


class ImportedClient(UUIDModel):
    """What an import did to one client, for undoing it. No foreign key to the client: it may be gone by then.

    Of appointments and entries `client_id` is their own id: such an import only creates.
    """

    source = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="clients")
    client_id = models.UUIDField()
    version = models.PositiveIntegerField()  # of the client right after the import
    before = models.JSONField(null=True, blank=True)  # None: the import created it
    places = models.JSONField(default=list)  # ids of places that the import added to a client that was there

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "client_id"], name="transfers_imported_once")]

    def __str__(self) -> str:
        return str(self.client_id)


class Export(UUIDModel):
    """A file of clients made in the background. It belongs to who asked, and goes away by itself."""

    class State(models.TextChoices):
        RUNNING = "running", _("under way")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    by = models.ForeignKey("team.Member", null=True, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    state = models.CharField(max_length=7, choices=State, default=State.RUNNING)
    file_name = models.CharField(max_length=200)
    file = models.CharField(max_length=300, blank=True)
    wanted = models.JSONField(default=dict)  # which clients, which columns, for whom: see services.exports.Order
    rows = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.file_name
