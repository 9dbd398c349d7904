"""Clearing up behind uploads and removals."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from shared_apps.tenancy.jobs import periodic
from tenant_apps.files import services


@periodic(services.CLEAN_UP, work="indexed", next_due=services.next_clean_up, label=_("Empty the files' trash"))
def clean_up(now: datetime) -> dict[str, int]:
    """Delete for good what has been in the trash for long enough, and files that no row knows."""
    return {"files": services.clean_up(now)}
