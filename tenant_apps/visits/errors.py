"""Refusals of what was done at a visit."""

from django.utils.translation import gettext_lazy as _

from shared_apps.core.errors import DomainError


class SentDifferently(DomainError):
    """The key came before, with something else: neither may silently win."""

    code = "sent_differently"
    message = _("This was sent before with other content. Load the page again and send it anew.")


class NobodyShowed(DomainError):
    code = "no_show"
    message = _("This visit is marked as a no-show. Reopen it before reporting on it.")


class NotReported(DomainError):
    code = "not_reported"
    message = _("There is no report of this visit yet. Save it first.")
