"""Short messages to the person: on the next page, or at once when htmx asked.

They travel in a signed cookie (messages' CookieStorage), so an organization's host needs no session table for them.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, Literal

from django.contrib import messages
from django.contrib.messages import constants
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

Tone = Literal["success", "info", "warning", "danger"]
LEVELS = {"success": constants.SUCCESS, "info": constants.INFO, "warning": constants.WARNING, "danger": constants.ERROR}
TONES = {level: tone for tone, level in LEVELS.items()}
HEADER = "HX-Trigger"


@dataclass(frozen=True, slots=True)
class Toast:
    text: str
    tone: str = "success"
    undo_url: str = ""  # a POST there takes it back
    undo: str = ""  # what the button says


def toast(request: HttpRequest, text: str | Promise, *, tone: Tone = "success", undo_url: str = "") -> None:
    """Say it with the answer to this request: in a header if htmx asked, else on the page that comes next."""
    note = Toast(str(text), tone, undo_url, _("Undo") if undo_url else "")
    messages.add_message(request, LEVELS[tone], json.dumps(asdict(note)))


def waiting(request: HttpRequest) -> list[Toast]:
    """Those not shown yet; reading them shows them."""
    return [_toast(message) for message in messages.get_messages(request)]


def _toast(message: Any) -> Toast:
    try:
        return Toast(**json.loads(message.message))
    except (TypeError, ValueError):  # a library's own message, as allauth's
        return Toast(str(message.message), TONES.get(message.level, "info"))


class ToastMiddleware:
    """For htmx, what was said in this request goes into the answer's header, unless the answer leads elsewhere."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.headers.get("HX-Request") != "true" or response.has_header("HX-Redirect"):
            return response
        if 300 <= response.status_code < 400:
            return response
        notes = waiting(request)
        if notes:
            trigger(response, "toast", asdict(notes[-1]))
        return response


def trigger(response: HttpResponse, event: str, detail: Any = None) -> HttpResponse:
    """Add an event to those htmx raises when the answer arrives."""
    events = json.loads(response[HEADER]) if response.has_header(HEADER) else {}
    response[HEADER] = json.dumps({**events, event: detail})
    return response
