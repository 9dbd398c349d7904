"""Refusals that every endpoint of the API shares."""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shared_apps.core.errors import DomainError, FieldError


class InvalidParameter(FieldError):
    """A query parameter or header that cannot be used: the URL is wrong, not the resource."""

    status = 400

    def __init__(self, field: str, message: str | Promise, code: str = "invalid_parameter", **extra: Any) -> None:
        super().__init__(field, message, code, **extra)


class PageNotFound(DomainError):
    code = "page_not_found"
    status = 404
    message = _("There is no such page.")


class PreconditionRequired(DomainError):
    code = "precondition_required"
    status = 428
    message = _("Send the ETag of the version you are changing in an If-Match header.")


class IdempotencyKeyReused(DomainError):
    code = "idempotency_key_reused"
    status = 422
    message = _("This Idempotency-Key was already used for a different request.")


class RequestInProgress(DomainError):
    code = "request_in_progress"
    status = 409
    message = _("A request with this Idempotency-Key is being worked on. Try again in a moment.")
