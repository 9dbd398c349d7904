"""What pages and API share: finding a report that was made, and handing it out."""

from __future__ import annotations

from uuid import UUID

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone

from tenant_apps.reports import sending, services
from tenant_apps.reports.errors import FileExpired, RunNotReady
from tenant_apps.reports.models import Run, Subscription
from tenant_apps.reports.services.files import CONTENT_TYPES
from tenant_apps.team.models import Member


def run_of(member: Member, pk: UUID) -> Run:
    """Raises Http404 for what is not theirs, or over its time."""
    run = get_object_or_404(Run.objects.select_related("by"), pk=pk, expires_at__gt=timezone.now())
    if not services.may_read(run, member):
        raise Http404
    return run


def sent_run(token: str) -> Run | None:
    """What a link in a mail opens; None where it opens nothing, or nothing any more."""
    meant = sending.read(token)
    if meant is None:
        return None
    run, subscription, reader = meant
    if not Subscription.objects.filter(pk=subscription, is_active=True, to__contains=[reader]).exists():
        return None
    return Run.objects.filter(pk=run, by=None, expires_at__gt=timezone.now()).first()


def file_response(run: Run) -> FileResponse:
    """Raises RunNotReady, FileExpired."""
    if run.state != Run.State.DONE:
        raise RunNotReady
    try:
        file = default_storage.open(run.file, "rb")
    except (OSError, ValueError) as error:
        raise FileExpired from error
    name = run.file.rpartition("/")[2]
    return FileResponse(file, as_attachment=True, filename=name, content_type=CONTENT_TYPES[run.format])
