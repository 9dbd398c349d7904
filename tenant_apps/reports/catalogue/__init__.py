"""Which reports there are. Each needs `reports.view` and the permission of what it tells of."""

from __future__ import annotations

from shared_apps.organizations.permissions import allows
from tenant_apps.reports.catalogue.base import Column, Report
from tenant_apps.reports.catalogue.clients import CLIENTS
from tenant_apps.reports.catalogue.finance import ENTRIES, PAYMENTS
from tenant_apps.reports.catalogue.work import APPOINTMENTS, VISITS

__all__ = ["REPORTS", "Column", "Report", "readable"]

REPORTS: dict[str, Report] = {report.key: report for report in (APPOINTMENTS, VISITS, ENTRIES, PAYMENTS, CLIENTS)}


def readable(role: str) -> list[Report]:
    """Those a role may read."""
    return [report for report in REPORTS.values() if allows(role, report.permission)]
