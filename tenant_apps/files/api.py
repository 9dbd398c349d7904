"""/api/v1/attachments/"""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.viewsets import ViewSet

from shared_apps.organizations.permissions import Permission
from shared_apps.web.api import params
from shared_apps.web.api.answers import represent, validated
from shared_apps.web.api.errors import InvalidParameter
from shared_apps.web.api.pagination import serialized_page
from shared_apps.web.api.schema import PAGE_PARAMETERS, page_of
from shared_apps.web.uploads import uploaded
from tenant_apps.files import downloads, queries, services, subjects
from tenant_apps.files.serializers import SUBJECTS, AttachmentSerializer, UploadSerializer
from tenant_apps.team.actor import actor_of

BINARY = {(200, "application/octet-stream"): OpenApiTypes.BINARY}
SUBJECT = [
    OpenApiParameter("subject_type", str, required=True, description=SUBJECTS),
    OpenApiParameter("subject_id", UUID, required=True),
]


class AttachmentViewSet(ViewSet):
    """The permissions here are of whoever uses files; what a file hangs on may ask for more (subjects.py)."""

    permissions = {
        "list": Permission.CLIENTS_VIEW,
        "retrieve": Permission.CLIENTS_VIEW,
        "content": Permission.CLIENTS_VIEW,
        "thumbnail": Permission.CLIENTS_VIEW,
        "create": Permission.CLIENTS_MANAGE,
        "destroy": Permission.CLIENTS_MANAGE,
        "restore": Permission.CLIENTS_MANAGE,
    }
    parser_classes = (MultiPartParser,)
    lookup_value_converter = "uuid"

    @extend_schema(parameters=[*SUBJECT, *PAGE_PARAMETERS], responses=page_of(AttachmentSerializer))
    def list(self, request: Request) -> HttpResponse:
        """The files of one thing, newest first."""
        params.check_names(request, ["subject_type", "subject_id", "page", "page_size"])
        subject_type = params.choice(request, "subject_type", subjects.labels(), "") or _missing("subject_type")
        try:
            subject_id = UUID(params.text(request, "subject_id"))
        except ValueError:
            raise InvalidParameter("subject_id", _("This is not an identifier."), "invalid") from None
        found = queries.attachments_of(subject_type, subject_id, by=actor_of(request))
        return serialized_page(request, found, AttachmentSerializer)

    @extend_schema(request={"multipart/form-data": UploadSerializer}, responses={201: AttachmentSerializer})
    def create(self, request: Request) -> HttpResponse:
        """Upload a file. Photos are made smaller and lose where they were taken."""
        request.data  # noqa: B018 - read now: a body that is no form is refused as one
        upload = uploaded(request._request)[0]
        given = validated(UploadSerializer, request)
        subjects.changed_by(given["subject_type"], actor_of(request))
        attachment = services.attach(given["subject_type"], given["subject_id"], upload=upload, actor=actor_of(request))
        return represent(request, attachment, AttachmentSerializer, status=201, url_name="attachment-detail")

    @extend_schema(responses=AttachmentSerializer)
    def retrieve(self, request: Request, pk: UUID) -> HttpResponse:
        return represent(request, queries.attachment(pk, by=actor_of(request)), AttachmentSerializer)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: UUID) -> HttpResponse:
        """Put it into the trash, from where it can be restored for some weeks."""
        services.remove(queries.attachment_to_change(pk, by=actor_of(request)), actor=actor_of(request))
        return HttpResponse(status=204)

    @extend_schema(request=None, responses=AttachmentSerializer)
    @action(detail=True, methods=["post"], url_path="restoration", url_name="restoration")
    def restore(self, request: Request, pk: UUID) -> HttpResponse:
        """Take it out of the trash."""
        found = queries.attachment_to_change(pk, by=actor_of(request), with_removed=True)
        attachment = services.restore(found, actor=actor_of(request))
        return represent(request, attachment, AttachmentSerializer)

    @extend_schema(responses=BINARY)
    @action(detail=True, url_path="content", url_name="content")
    def content(self, request: Request, pk: UUID) -> HttpResponseBase:
        """The file itself."""
        return downloads.content(request._request, queries.attachment(pk, by=actor_of(request)))

    @extend_schema(responses=BINARY)
    @action(detail=True, url_path="thumbnail", url_name="thumbnail")
    def thumbnail(self, request: Request, pk: UUID) -> HttpResponseBase:
        """A photo, at most 400 pixels wide and high."""
        return downloads.thumbnail(request._request, queries.attachment(pk, by=actor_of(request)))


def _missing(name: str) -> str:
    raise InvalidParameter(name, _("This parameter is needed."), "required")
