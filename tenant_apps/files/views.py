"""The photos and documents of a thing: looked at, added, taken away and back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shared_apps.organizations.permissions import Permission, requires
from shared_apps.web.access import methods
from shared_apps.web.errors import is_htmx
from shared_apps.web.forms import Form
from shared_apps.web.toasts import toast, trigger
from shared_apps.web.uploads import MEGABYTE, uploaded
from tenant_apps.files import downloads, queries, services, subjects
from tenant_apps.files.forms import UploadForm
from tenant_apps.team.actor import actor_of

CHANGED = "files-changed"  # panels listen to it


@methods("GET")
@requires(Permission.CLIENTS_VIEW)
def panel(request: HttpRequest, subject_type: str, subject_id: UUID) -> HttpResponse:
    return _panel(request, subject_type, subject_id, UploadForm())


@methods("POST")
@requires(Permission.CLIENTS_MANAGE)
def upload(request: HttpRequest, subject_type: str, subject_id: UUID) -> HttpResponse:
    """Take what can be taken of the files that were sent, and say of each other why not."""
    subjects.changed_by(subject_type, actor_of(request))
    form = UploadForm(request.POST)
    form.is_valid()
    taken = [
        one
        for sent in form.attempt(uploaded, request) or []
        if (one := form.attempt(services.attach, subject_type, subject_id, upload=sent, actor=actor_of(request)))
    ]
    if taken:
        toast(request, ngettext("%(count)d file added.", "%(count)d files added.", len(taken)) % {"count": len(taken)})
    if not is_htmx(request) and not form.errors:
        return redirect("files:panel", subject_type, subject_id)
    return _panel(request, subject_type, subject_id, form, status=422 if form.errors and not taken else 200)


@methods("GET")
@requires(Permission.CLIENTS_VIEW)
def download(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    return downloads.content(request, queries.attachment(pk, by=actor_of(request)))


@methods("GET")
@requires(Permission.CLIENTS_VIEW)
def thumbnail(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    return downloads.thumbnail(request, queries.attachment(pk, by=actor_of(request)))


@methods("POST")
@requires(Permission.CLIENTS_MANAGE)
def removal(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Into the trash; with `undo`, out of it again."""
    attachment = queries.attachment_to_change(pk, by=actor_of(request), with_removed=True)
    if "undo" in request.POST:
        services.restore(attachment, actor=actor_of(request))
        toast(request, _("%(name)s is back.") % {"name": attachment.name})
    else:
        services.remove(attachment, actor=actor_of(request))
        undo = reverse("files:removal", args=[attachment.pk])
        toast(request, _("%(name)s was removed.") % {"name": attachment.name}, undo_url=undo)
    if is_htmx(request):
        return trigger(HttpResponse(status=200, headers={"HX-Reswap": "none"}), CHANGED)
    return redirect("files:panel", attachment.subject_type, attachment.subject_id)


def _panel(request: HttpRequest, subject_type: str, subject_id: UUID, form: Form, *, status: int = 200) -> HttpResponse:
    member = actor_of(request)
    subject, found = queries.subject_and_attachments(subject_type, subject_id, by=member)
    kind = subjects.of(subject_type)
    values: dict[str, Any] = {
        "subject": subject,
        "subject_type": subject_type,
        "subject_id": subject_id,
        "heading": kind.heading or _("Photos and documents"),
        "can_change": kind.may_change(member),
        "photos": [one for one in found if one.thumbnail],
        "documents": [one for one in found if not one.thumbnail],
        "form": form,
        "limit": settings.FILE_UPLOAD_MAX_MB,
        "limit_bytes": settings.FILE_UPLOAD_MAX_MB * MEGABYTE,
    }
    if is_htmx(request):
        return render(request, "files/_panel.html", values, status=status)
    values["home"] = kind.home and kind.home(subject)
    return render(request, "files/panel.html", values, status=status)
