"""Refusals of reports."""

from django.utils.translation import gettext_lazy as _

from shared_apps.core.errors import DomainError


class RunNotReady(DomainError):
    code = "report_not_ready"
    message = _("The report is not ready yet.")


class FileExpired(DomainError):
    code = "file_gone"
    status = 410
    message = _("The file has been removed. Make the report again.")
