"""Everything that changes a report or a log book."""

from tenant_apps.visits.services.given import Done, DoseGiven, ReadingGiven, ReportGiven
from tenant_apps.visits.services.log_book import Verification, verify
from tenant_apps.visits.services.photos import add_photo
from tenant_apps.visits.services.reports import check_in, save_report
from tenant_apps.visits.services.route import arrange, move_in_route

__all__ = [
    "Done",
    "DoseGiven",
    "ReadingGiven",
    "ReportGiven",
    "Verification",
    "add_photo",
    "arrange",
    "check_in",
    "move_in_route",
    "save_report",
    "verify",
]
