"""Taking files in, putting them into the trash and back, and clearing up."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from datetime import UTC, datetime, time, timedelta
from functools import partial
from pathlib import PurePath
from typing import IO
from uuid import UUID

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from billing import entitlements
from billing.entitlements import Feature
from shared_apps.core import pictures
from shared_apps.core.errors import NotThere
from shared_apps.core.ids import uuid7
from shared_apps.organizations import current
from shared_apps.tenancy.jobs import due
from shared_apps.web.uploads import MEGABYTE, FileTooLarge
from tenant_apps.activity import services as activity
from tenant_apps.files import kinds, names, subjects
from tenant_apps.files.errors import TooMany
from tenant_apps.files.models import Attachment, Removal
from tenant_apps.team.models import Member

MOST = 500  # files of one thing, the trash included
ORPHAN_AFTER = timedelta(days=1)  # an upload whose row is not there by then will have none
CHUNK = 64 * 1024
CLEAN_UP = "files.clean_up"
SUNDAY, HALF_PAST_THREE = 6, time(3, 30)


def attach(subject_type: str, subject_id: UUID, *, upload: UploadedFile, actor: Member | None) -> Attachment:
    """Take a file in. A photo is made smaller and loses where and with what it was taken.

    Raises NotThere, what says that the subject is closed, FileTooLarge, and the errors of errors.py.
    """
    subjects.of(subject_type).find(subject_id)
    sent = names.clean(upload.name or "", ending=names.ending_of(upload.name or ""))
    kind = kinds.of(upload, sent)
    limit = settings.FILES_PHOTO_MB if kind.is_image else settings.FILES_DOCUMENT_MB
    if (upload.size or 0) > limit * MEGABYTE:
        raise FileTooLarge(limit)
    attachment = Attachment(subject_type=subject_type, subject_id=subject_id, uploaded_by=actor)
    content: File = upload
    small: File | None = None
    if kind.is_image:
        picture = pictures.prepare(upload, sent)
        kind, content, small = kinds.IMAGES[picture.form], ContentFile(picture.content), ContentFile(picture.thumbnail)
        attachment.width, attachment.height = picture.width, picture.height
    ending = names.ending_of(sent)
    ending = ending if ending in kind.endings else kind.endings[0]
    attachment.name = names.clean(sent, ending=ending)
    attachment.content_type = kind.content_type
    attachment.size, attachment.sha256 = content.size or 0, _digest(content)
    folder = str(timezone.now().year)
    due.mark(CLEAN_UP, _sunday(timezone.now()))  # before the file is there: one that is left without a row is found
    attachment.file = _stored(folder, ending, content)
    attachment.thumbnail = _stored(folder, ending, small) if small is not None else ""
    try:
        return _written_down(attachment, actor)
    except BaseException:
        _delete_files([attachment])
        raise


@transaction.atomic
def _written_down(attachment: Attachment, actor: Member | None) -> Attachment:
    told = subjects.of(attachment.subject_type).open(attachment.subject_id)
    if Attachment.objects.of(attachment.subject_type, attachment.subject_id).count() >= MOST:
        raise TooMany(limit=MOST)
    entitlements.require_room(entitlements.here(), Feature.STORAGE, attachment.size)
    attachment.save(force_insert=True)
    activity.record(actor, "file.added", told, after={"file": attachment.name})
    return attachment


@transaction.atomic
def remove(attachment: Attachment, *, actor: Member | None) -> Attachment:
    """Put it into the trash; twice is no error. Raises NotThere, and what says that the subject is closed."""
    told = subjects.of(attachment.subject_type).open(attachment.subject_id)
    attachment = _locked(attachment)
    if not Removal.objects.filter(attachment=attachment).exists():
        removal = Removal.objects.create(attachment=attachment, by=actor)
        due.mark(CLEAN_UP, removal.at + _kept())
        activity.record(actor, "file.removed", told, after={"file": attachment.name})
    return attachment


@transaction.atomic
def restore(attachment: Attachment, *, actor: Member | None) -> Attachment:
    """Take it out of the trash; one that is not in it is no error. Raises as `remove`."""
    told = subjects.of(attachment.subject_type).open(attachment.subject_id)
    attachment = _locked(attachment)
    if Removal.objects.filter(attachment=attachment).delete()[0]:
        activity.record(actor, "file.restored", told, after={"file": attachment.name})
    return attachment


def move_attachments(subject_type: str, from_ids: Collection[UUID], to_id: UUID) -> int:
    """Hang the files of some things on another of their kind, which takes their place. Call it in that transaction."""
    found = Attachment.objects.filter(subject_type=subject_type, subject_id__in=from_ids)
    return found.update(subject_id=to_id)


def next_clean_up(now: datetime) -> datetime | None:
    """When something of the trash is old enough; each Sunday while there are files, for what hangs on nothing."""
    first = Removal.objects.order_by("at").values_list("at", flat=True).first()
    wanted = [first + _kept()] if first else []
    if Attachment.objects.exists():
        wanted.append(_sunday(now))
    return min(wanted, default=None)


def _sunday(now: datetime) -> datetime:
    """The coming one, at half past three where the organization is."""
    zone, today = current.zone(), current.today(now)
    days = (today + timedelta(days=n) for n in range(9))
    sundays = (datetime.combine(day, HALF_PAST_THREE, tzinfo=zone) for day in days if day.weekday() == SUNDAY)
    return next(at for at in sundays if at > now)


def _kept() -> timedelta:
    return timedelta(days=settings.FILES_TRASH_DAYS)


@transaction.atomic
def clean_up(now: datetime) -> int:
    """Delete for good what was long enough in the trash, what hung on a thing that is gone, and files without a row.

    Returns how many rows went. The files go after the commit; what a crash leaves is found the next time.
    """
    gone = set(Attachment.objects.filter(removal__at__lte=now - _kept()))
    for label in subjects.labels():
        hanging = Attachment.objects.filter(subject_type=label)
        known = set(hanging.values_list("subject_id", flat=True).distinct())
        missing = known - subjects.of(label).existing(known) if known else set()
        gone |= set(hanging.filter(subject_id__in=missing))
    Attachment.objects.filter(pk__in=[attachment.pk for attachment in gone]).delete()
    transaction.on_commit(partial(_delete_files, list(gone)), robust=True)
    transaction.on_commit(partial(_delete_orphans, now), robust=True)
    return len(gone)


def _delete_orphans(now: datetime) -> None:
    for folder in {str(now.year), str((now - timedelta(days=30)).year)}:
        _folders, found = default_storage.listdir(folder)
        old = {f"{folder}/{name}" for name in found if (at := _stored_at(name)) and at < now - ORPHAN_AFTER}
        rows = Attachment.objects.filter(file__startswith=f"{folder}/").values_list("file", "thumbnail")
        for name in old - {name for row in rows for name in row}:
            default_storage.delete(name)


def _stored_at(name: str) -> datetime | None:
    """When a file was stored: its name is a UUID of version 7, which begins with the time."""
    try:
        return datetime.fromtimestamp((UUID(PurePath(name).stem).int >> 80) / 1000, tz=UTC)
    except ValueError:
        return None


def _stored(folder: str, ending: str, content: File) -> str:
    content.seek(0)
    return default_storage.save(f"{folder}/{uuid7()}{ending}", content)


def _delete_files(attachments: Iterable[Attachment]) -> None:
    for attachment in attachments:
        for name in filter(None, (attachment.file, attachment.thumbnail)):
            default_storage.delete(name)


def _locked(attachment: Attachment) -> Attachment:
    found = Attachment.objects.select_for_update(no_key=True).filter(pk=attachment.pk).first()
    if found is None:
        raise NotThere
    return found


def _digest(file: IO[bytes] | File) -> str:
    digest = hashlib.sha256()
    file.seek(0)
    while chunk := file.read(CHUNK):
        digest.update(chunk)
    return digest.hexdigest()
