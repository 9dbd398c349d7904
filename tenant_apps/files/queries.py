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
from tenant_apps.team.models import Member


def attachments_of(subject_type: str, subject_id: UUID, *, by: Member) -> QuerySet[Attachment]:
    """Newest first. Raises NotThere when there is no such thing for this member."""
    return subject_and_attachments(subject_type, subject_id, by=by)[1]


def subject_and_attachments(subject_type: str, subject_id: UUID, *, by: Member) -> tuple[Model, QuerySet[Attachment]]:
    """The thing itself too. Raises NotThere."""
    subject = subjects.seen_by(subject_type, by).find(subject_id)
    found = Attachment.objects.of(subject_type, subject_id).standing()
    return subject, found.select_related("uploaded_by").order_by("-id")


def attachment(pk: UUID, *, by: Member) -> Attachment:
    """One that this member may see. Raises NotThere."""
    found = finding.one(Attachment.objects.standing().select_related("uploaded_by"), pk)
    subjects.seen_by(found.subject_type, by)
    return found


def attachment_to_change(pk: UUID, *, by: Member, with_removed: bool = False) -> Attachment:
    """Raises NotThere, and PermissionDenied for who may look only."""
    rows = Attachment.objects.all() if with_removed else Attachment.objects.standing()
    found = finding.one(rows.select_related("uploaded_by"), pk)
    subjects.changed_by(found.subject_type, by)
    return found


def opened(name: str) -> File:
    """The stored file, to be read in pieces. Raises NotThere without a name or when the storage has lost it."""
    try:
        if name:
            return default_storage.open(name)
    except FileNotFoundError as error:
        raise NotThere from error
    raise NotThere
