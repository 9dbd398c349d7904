"""Clearing up behind uploads and removals."""

from datetime import datetime, timedelta

from shared_apps.tenancy.jobs import periodic
from tenant_apps.files import services


@periodic("files.clean_up", at="03:30", jitter=timedelta(hours=2))
def clean_up(now: datetime) -> None:
    """Delete for good what has been in the trash for long enough, and files that no row knows."""
    services.clean_up(now)
