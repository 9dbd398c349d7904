"""Reports and log books on paper (PDF)."""

from tenant_apps.visits.papers.log_book import log_book
from tenant_apps.visits.papers.report import report
from tenant_apps.visits.papers.sheet import Firm

__all__ = ["Firm", "log_book", "report"]
