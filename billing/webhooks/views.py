"""Where gateways ring. Any answer but 200 makes them ring again, so it is given only to what we cannot keep."""

from __future__ import annotations

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.http.request import RawPostDataException, UnreadablePostError
from django.views.decorators.csrf import csrf_exempt
from redis.exceptions import RedisError
from structlog import get_logger

from billing.gateways.base import NotGenuine, Unreadable
from billing.gateways.registry import NoGateway
from billing.webhooks.inbox import LIMIT, take_in
from shared_apps.web.access import methods, public

logger = get_logger(__name__)
QUIET = 60  # seconds between two lines in the log about the same gateway's forgeries


@csrf_exempt
@public
@methods("POST")
def hook(request: HttpRequest, gateway: str) -> HttpResponse:
    """404 for a gateway without keys, 413, 401 and 400 for what is too long, not genuine, or makes no sense."""
    try:
        body = _body(request)
        if body is None:
            return HttpResponse(status=413)
        headers = {name.lower(): value for name, value in request.headers.items()}
        take_in(gateway, body, headers)
    except NoGateway:
        return HttpResponse(status=404)
    except NotGenuine as error:
        _log("webhook_not_genuine", gateway, str(error))
        return HttpResponse(status=401)
    except (Unreadable, UnreadablePostError, RawPostDataException) as error:
        _log("webhook_unreadable", gateway, str(error))
        return HttpResponse(status=400)
    return HttpResponse(status=200)


def _body(request: HttpRequest) -> bytes | None:
    """The raw body; None when it is too long, of which no more is read than that takes."""
    length = request.headers.get("Content-Length", "")
    if length.isdecimal() and int(length) > LIMIT:
        return None
    body = request.read(LIMIT + 1)
    return None if len(body) > LIMIT else body


def _log(event: str, gateway: str, reason: str) -> None:
    try:
        is_first = cache.add(f"billing:{event}:{gateway}", 1, QUIET)
    except RedisError:
        is_first = True  # a forgery gets its refusal also where nobody counts
    if is_first:
        logger.warning(event, gateway=gateway, reason=reason[:200])
