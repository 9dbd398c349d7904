"""Clearing up behind uploads and removals."""

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from shared_apps.tenancy.jobs import periodic
from tenant_apps.files import services


@periodic("files.clean_up", at="03:30", jitter=timedelta(hours=2), label=_("Empty the files' trash"))
def clean_up(now: datetime) -> dict[str, int]:
    """Delete for good what has been in the trash for long enough, and files that no row knows."""
    return {"files": services.clean_up(now)}
