"""Photos of a visit, before and after; sent from a phone that may lose its signal, each is taken once."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from tenant_apps.files import services as files
from tenant_apps.files.models import Attachment
from tenant_apps.scheduling import access
from tenant_apps.scheduling.models import Appointment
from tenant_apps.scheduling.services.locks import locked_appointment
from tenant_apps.team.models import Member
from tenant_apps.visits.errors import NotReported
from tenant_apps.visits.models import PHOTOS
from tenant_apps.visits.services.reports import report_of

Moment = Literal["before", "after"]


@transaction.atomic
def add_photo(
    appointment: Appointment, *, moment: Moment, upload: UploadedFile, sent_key: UUID, actor: Member | None
) -> Attachment:
    """Hang a photo on the visit's report. The same `sent_key` again gives the photo that is there.

    Raises NotThere, NotYours, NotReported, and what `files.attach` raises.
    """
    appointment = locked_appointment(appointment.pk)
    if actor is not None:
        access.require_own(appointment, actor)
    report = report_of(appointment)
    if report is None:
        raise NotReported
    known = report.photos.get(str(sent_key))
    if known is not None and (kept := Attachment.objects.filter(pk=known).first()):
        return kept
    attachment = files.attach(PHOTOS[moment], report.pk, upload=upload, actor=actor)
    report.photos[str(sent_key)] = str(attachment.pk)
    report.save(update_fields=["photos"])
    return attachment
