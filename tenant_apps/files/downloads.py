"""A file as an answer: streamed, never run, never kept where somebody else could find it."""

from __future__ import annotations

from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response

from tenant_apps.files.models import Attachment
from tenant_apps.files.queries import opened

# Whatever a browser makes of the bytes, it runs nothing and loads nothing. A PDF's viewer does not work in a sandbox.
POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"
POLICY_PDF = "default-src 'none'; object-src 'self'; frame-ancestors 'none'"
THUMBNAIL_SECONDS = 3600


def content(request: HttpRequest, attachment: Attachment) -> HttpResponseBase:
    """The file. Asked for again with each view, since who may see it can change; unchanged, it is not sent again."""
    inline = attachment.is_shown_inline and "download" not in request.GET
    return _answer(request, attachment, attachment.file, inline=inline, keep="private, no-cache")


def thumbnail(request: HttpRequest, attachment: Attachment) -> HttpResponseBase:
    """The small picture. Raises NotThere for what has none."""
    keep = f"private, max-age={THUMBNAIL_SECONDS}"
    return _answer(request, attachment, attachment.thumbnail, inline=True, keep=keep)


def _answer(request: HttpRequest, attachment: Attachment, name: str, *, inline: bool, keep: str) -> HttpResponseBase:
    etag = f'"{attachment.sha256[:32]}"'
    answer: HttpResponseBase | None = get_conditional_response(request, etag=etag)
    if answer is None:
        answer = FileResponse(
            opened(name), as_attachment=not inline, filename=attachment.name, content_type=attachment.content_type
        )
    answer["ETag"] = etag
    answer["Cache-Control"] = keep
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = POLICY_PDF if attachment.content_type == "application/pdf" else POLICY
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    return answer
