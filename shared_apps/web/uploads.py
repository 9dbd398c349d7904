"""Uploads: too large is found out while it arrives, and said in words."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from shared_apps.core.errors import FieldError

MEGABYTE = 1024 * 1024


class FileTooLarge(FieldError):
    status = 413

    def __init__(self, megabytes: int, *, field: str = "file") -> None:
        super().__init__(field, _("The file is larger than %(limit)s MB."), "too_large", limit=megabytes)


class LimitedUpload(FileUploadHandler):
    """Stops keeping what is sent as soon as one file passes the limit. The rest is read and thrown away, so that the
    browser waits for our answer; views take their files from `uploaded(request)`.
    """

    received = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.received += len(raw_data)
        if self.received > settings.FILE_UPLOAD_MAX_MB * MEGABYTE:
            if self.request is not None:
                self.request.upload_too_large = True  # type: ignore[attr-defined] # for the view
            raise StopUpload(connection_reset=False)
        return raw_data

    def file_complete(self, file_size: int) -> UploadedFile | None:
        return None


def uploaded(request: HttpRequest, name: str = "file") -> list[UploadedFile]:
    """The files sent under this name. Raises FileTooLarge when one was cut short, FieldError when there is none."""
    found: list[UploadedFile] = request.FILES.getlist(name)
    if getattr(request, "upload_too_large", False):
        raise FileTooLarge(settings.FILE_UPLOAD_MAX_MB, field=name)
    if not found:
        raise FieldError(name, _("Choose a file."), "required")
    return found
