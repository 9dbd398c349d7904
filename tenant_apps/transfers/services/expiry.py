"""Files and marks that are no longer needed go away by themselves."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Min

from tenant_apps.transfers.models import Export, Import, ImportedClient
from tenant_apps.transfers.services import keeping

FILES = ("file", "errors_file", "records_file")


def expire(*, now: datetime) -> None:
    """Remove uploads, files of exports, and what an undo would need, each after its time."""
    old = Import.objects.exclude(file="").filter(created_at__lte=now - timedelta(days=settings.IMPORT_KEEP_DAYS))
    for source in old.only(*FILES):
        for name in FILES:
            keeping.drop(getattr(source, name))
    old.update(**dict.fromkeys(FILES, ""))
    expired = Export.objects.filter(expires_at__lte=now)
    for export in expired:
        keeping.drop(export.file)
    expired.delete()
    until = now - timedelta(days=settings.IMPORT_UNDO_DAYS)
    ImportedClient.objects.filter(source__finished_at__lte=until).delete()


def next_expiry() -> datetime | None:
    """When something goes next; None: there is nothing."""
    upload = Import.objects.exclude(file="").aggregate(at=Min("created_at"))["at"]
    marks = Import.objects.filter(clients__isnull=False).aggregate(at=Min("finished_at"))["at"]
    export = Export.objects.aggregate(at=Min("expires_at"))["at"]
    times = [
        upload and upload + timedelta(days=settings.IMPORT_KEEP_DAYS),
        marks and marks + timedelta(days=settings.IMPORT_UNDO_DAYS),
        export,
    ]
    return min((time for time in times if time), default=None)
