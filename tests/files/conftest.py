"""A client of acme's to hang files on, and photos made on the spot."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from shared_apps.organizations.models import Organization
from shared_apps.tenancy import context
from tenant_apps.clients.models import Client
from tenant_apps.clients.services import create_client

GPS = 0x8825
Sent = Callable[..., SimpleUploadedFile]


@pytest.fixture
def client_of_acme(acme: Organization) -> Client:
    with context.enter(acme.schema_name):
        return create_client(actor=None, name="Maria")


def picture(size: tuple[int, int] = (300, 200), form: str = "JPEG", *, mode: str = "RGB", **options: object) -> bytes:
    out = BytesIO()
    Image.new(mode, size, "orange").save(out, form, **options)
    return out.getvalue()


def photo_with_place(size: tuple[int, int] = (300, 200)) -> bytes:
    """A phone's JPEG: lying on its side, with where and with what it was taken."""
    exif = Image.Exif()
    exif[0x0112] = 6  # turn it by 90 degrees
    exif[0x010F] = "SecretPhone"
    exif.get_ifd(GPS).update({1: "S", 2: (23.0, 33.0, 1.0), 3: "W", 4: (46.0, 38.0, 2.0)})
    return picture(size, exif=exif, comment=b"SecretComment")


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="image/jpeg")
