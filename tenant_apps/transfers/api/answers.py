"""What imports and exports answer alike."""

from __future__ import annotations

from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes

from tenant_apps.transfers.services.keeping import opened
from tenant_apps.transfers.sheets.writing import CONTENT_TYPES

BINARY = {(200, "application/octet-stream"): OpenApiTypes.BINARY}


def file_answer(path: str, name: str) -> FileResponse:
    content_type = CONTENT_TYPES.get(path.rpartition(".")[2])
    return FileResponse(opened(path), as_attachment=True, filename=name, content_type=content_type)
