"""Reading what hangs on something, and the bytes themselves."""

from __future__ import annotations

from uuid import UUID

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db.models import Model, QuerySet

from shared_apps.core import finding
from shared_apps.core.errors import NotThere
from tenant_apps.files import subjects
from tenant_apps.files.models import Attachment


def attachments_of(subject_type: str, subject_id: UUID) -> QuerySet[Attachment]:
    """Newest first. Raises NotThere when there is no such thing."""
    return subject_and_attachments(subject_type, subject_id)[1]


def subject_and_attachments(subject_type: str, subject_id: UUID) -> tuple[Model, QuerySet[Attachment]]:
    """The thing itself too. Raises NotThere."""
    subject = subjects.of(subject_type).find(subject_id)
    found = Attachment.objects.of(subject_type, subject_id).standing()
    return subject, found.select_related("uploaded_by").order_by("-id")


def attachment(pk: UUID, *, with_removed: bool = False) -> Attachment:
    """Raises NotThere."""
    rows = Attachment.objects.all() if with_removed else Attachment.objects.standing()
    return finding.one(rows.select_related("uploaded_by"), pk)


def opened(name: str) -> File:
    """The stored file, to be read in pieces. Raises NotThere without a name or when the storage has lost it."""
    try:
        if name:
            return default_storage.open(name)
    except FileNotFoundError as error:
        raise NotThere from error
    raise NotThere
