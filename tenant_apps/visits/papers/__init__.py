"""Reports and log books on paper (PDF)."""

from tenant_apps.visits.papers.log_book import log_book
from tenant_apps.visits.papers.report import report

__all__ = ["log_book", "report"]
