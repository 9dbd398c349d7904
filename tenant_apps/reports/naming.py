"""What a report was asked for, in words."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from shared_apps.core import formats
from tenant_apps.clients.models import Client
from tenant_apps.reports.asked import Asked
from tenant_apps.reports.catalogue.base import Report
from tenant_apps.team.models import Member


def facts(report: Report, asked: Asked) -> list[str]:
    """ "01/11/2026 to 30/11/2026", the client, the state, the professional: those that are asked for."""
    return [text for text in (period(asked), *chips(report, asked).values()) if text]


def period(asked: Asked) -> str:
    first, last = formats.date(asked.first), formats.date(asked.last)
    if first and last:
        return _("%(first)s to %(last)s") % {"first": first, "last": last}
    if first:
        return _("since %(first)s") % {"first": first}
    return _("until %(last)s") % {"last": last} if last else _("all days")


def chips(report: Report, asked: Asked) -> dict[str, str]:
    """The other filters, by name."""
    found: dict[str, Any] = {}
    if asked.client and "client" in report.filters:
        found["client"] = Client.objects.filter(pk=asked.client).values_list("name", flat=True).first() or "?"
    if asked.status:
        found["status"] = str(report.statuses[asked.status]).capitalize()
    if asked.professional and "professional" in report.filters:
        found["professional"] = str(Member.objects.filter(pk=asked.professional).first() or "?")
    return found
