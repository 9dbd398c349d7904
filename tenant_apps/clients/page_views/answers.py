"""What the pages share: finding, and leading back to where somebody was."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from urllib.parse import urlsplit
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme

from shared_apps.core.errors import NotThere
from shared_apps.core.finding import uuid_or_none
from shared_apps.web.errors import is_htmx
from tenant_apps.clients.models import Client

MAX_IDS = 200


def found(pk: UUID) -> Client:
    """Raises NotThere."""
    related = ("archival__by", "archival__merged_into")
    client = Client.objects.select_related(*related).defer("search", "archival__merged_into__search").filter(pk=pk)
    if not (one := client.first()):
        raise NotThere
    return one


def ids_of(request: HttpRequest) -> list[UUID]:
    """The chosen ones, of a list's checkboxes; what is no identifier is left out."""
    return [pk for text in request.POST.getlist("ids")[:MAX_IDS] if (pk := uuid_or_none(text))]


def packed(ids: list[UUID]) -> str:
    """Identifiers as one short text: an undo travels in a cookie."""
    return urlsafe_b64encode(b"".join(pk.bytes for pk in ids)).decode()


def unpacked(text: str) -> list[UUID]:
    try:
        read = urlsafe_b64decode(text[: MAX_IDS * 24])
    except ValueError:
        return []
    return [UUID(bytes=read[at : at + 16]) for at in range(0, len(read) - 15, 16)]


def back(request: HttpRequest, otherwise: str) -> HttpResponse:
    """To the page on which the button was, or to `otherwise`."""
    came = urlsplit(request.headers.get("HX-Current-URL", ""))
    here = f"{came.path}?{came.query}" if came.query else came.path
    for path in (request.POST.get("next", ""), here, otherwise):
        if path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None):
            break
    if is_htmx(request):
        answer = HttpResponse(status=204)
        answer["HX-Redirect"] = path
        return answer
    return HttpResponseRedirect(path)
