"""Every refusal of the API as problem+json (RFC 9457), whoever refused: a rule, DRF, Django or the database.

`code` is stable and for programs, `detail` for people, `errors` names each field: {"field", "code", "message"}.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator
from http import HTTPStatus
from typing import Any

import orjson
import structlog
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import DatabaseError, DataError, IntegrityError, InterfaceError, OperationalError
from django.http import Http404, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from redis.exceptions import RedisError
from rest_framework import exceptions
from rest_framework.views import set_rollback

from shared_apps.core.errors import DomainError, FieldError
from shared_apps.web.api.clashes import CLASHES

logger = logging.getLogger(__name__)
MEDIA_TYPE = "application/problem+json"
CODES = {
    400: "bad_request",
    401: "not_authenticated",
    403: "permission_denied",
    404: "not_found",
    405: "method_not_allowed",
    406: "not_acceptable",
    413: "body_too_large",
    415: "unsupported_media_type",
    429: "throttled",
    500: "server_error",
    503: "temporarily_unavailable",
}


class Problem(HttpResponse):
    """The answer. `retry_after` is in seconds."""

    def __init__(
        self,
        status: int,
        code: str = "",
        detail: str = "",
        *,
        instance: str = "",
        errors: Iterable[dict[str, str]] = (),
        headers: dict[str, str] | None = None,
        **extra: Any,
    ) -> None:
        code = code or CODES.get(status, "error")
        body: dict[str, Any] = {
            **extra,
            "type": f"urn:colmeia:problem:{code}",
            "title": HTTPStatus(status).phrase,
            "status": status,
            "detail": detail or str(_("The request cannot be answered.")),
            "code": code,
            "instance": instance,
            "errors": list(errors),
        }
        request_id = structlog.contextvars.get_contextvars().get("request_id")
        if request_id:
            body["request_id"] = request_id
        content = orjson.dumps(body, default=str, option=orjson.OPT_NON_STR_KEYS)
        super().__init__(content, status=status, content_type=MEDIA_TYPE, headers=headers)
        self.code = code


def exception_handler(error: Exception, context: dict[str, Any]) -> Problem | None:
    """DRF's hook. None for what nobody foresaw: Django logs it and answers 500."""
    set_rollback()
    request = context.get("request")
    return problem_of(error, instance=request.path if request is not None else "")


def problem_of(error: Exception, *, instance: str = "") -> Problem | None:
    if isinstance(error, FieldError):
        named = [{"field": error.field, "code": error.code, "message": error.detail}]
        return Problem(error.status, error.code, error.detail, instance=instance, errors=named, **error.extra)
    if isinstance(error, DomainError):
        headers = {"WWW-Authenticate": "Bearer"} if error.status == 401 else {}
        if "retry_after" in error.extra:
            headers["Retry-After"] = str(error.extra["retry_after"])
        return Problem(error.status, error.code, error.detail, instance=instance, headers=headers, **error.extra)
    if isinstance(error, exceptions.ValidationError):
        return Problem(
            422,
            "invalid",
            _("Some fields are not right."),
            instance=instance,
            errors=list(flatten(error.get_full_details())),
        )
    if isinstance(error, exceptions.APIException):
        return _of_drf(error, instance)
    if isinstance(error, Http404):
        return Problem(404, detail=_("There is nothing here."), instance=instance)
    if isinstance(error, RequestDataTooBig):
        return Problem(413, detail=_("The body is too large."), instance=instance)
    if isinstance(error, PermissionDenied):
        return Problem(403, detail=_("Your role does not allow this."), instance=instance)
    if isinstance(error, (DatabaseError, InterfaceError, RedisError)):
        return _of_store(error, instance)
    return None


def _of_drf(error: exceptions.APIException, instance: str) -> Problem:
    headers = {}
    if getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = error.auth_header  # type: ignore[attr-defined]
    wait = getattr(error, "wait", None)
    if wait:
        headers["Retry-After"] = str(int(wait))
    code = error.get_codes()
    known = {exceptions.ParseError: "malformed", exceptions.NotAuthenticated: "not_authenticated"}
    named = known.get(type(error)) or (
        code if isinstance(code, str) and code != "error" else CODES.get(error.status_code)
    )
    return Problem(error.status_code, named or "", str(error.detail), instance=instance, headers=headers)


def _of_store(error: Exception, instance: str) -> Problem | None:
    """What the database or Redis said. Its own words stay in the log: they may repeat a person's data."""
    if isinstance(error, IntegrityError):
        clash = clash_of(error)
        if clash is None:
            logger.warning("integrity_error", extra={"sqlstate": getattr(error.__cause__, "sqlstate", None)})
            return Problem(409, "conflict", _("This clashes with something that is already there."), instance=instance)
        field, code, message = clash
        named = [{"field": field, "code": code, "message": str(message)}]
        return Problem(409, code, str(message), instance=instance, errors=named)
    if isinstance(error, DataError):
        return Problem(422, "invalid", _("A value cannot be stored."), instance=instance)
    if isinstance(error, (OperationalError, InterfaceError, RedisError)):
        logger.error("store_unavailable", extra={"kind": type(error).__name__})
        return Problem(
            503,
            detail=_("This is not available for a moment. Try again."),
            instance=instance,
            headers={"Retry-After": "5"},
        )
    return None


def clash_of(error: IntegrityError) -> tuple[str, str, str | Promise] | None:
    """What the broken constraint means. On a distributed database its name carries a shard's number: `name_102022`."""
    if getattr(error.__cause__, "sqlstate", None) not in {"23505", "23P01"}:
        return None
    for constraint, meaning in CLASHES.items():
        if re.search(rf'"{re.escape(constraint)}(_\d+)?"', str(error)):
            return meaning
    return None


def flatten(details: Any, path: str = "") -> Iterator[dict[str, str]]:
    """DRF's nested error details as a flat list; a path reads `custom.pool_type` or `tags.2`."""
    if (
        isinstance(details, dict)
        and "message" in details
        and "code" in details
        and not isinstance(details["code"], dict)
    ):
        yield {"field": path, "code": str(details["code"]), "message": str(details["message"])}
    elif isinstance(details, dict):
        for key, value in details.items():
            inner = path if key == "non_field_errors" else f"{path}.{key}" if path else str(key)
            yield from flatten(value, inner)
    elif isinstance(details, list):
        for item in details:
            yield from flatten(item, path)
