"""A signature drawn on glass: read with care, written anew, kept in the organization's storage."""

from __future__ import annotations

import base64
import binascii
import warnings
from io import BytesIO

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _
from PIL import Image

from shared_apps.core.errors import FieldError
from shared_apps.core.ids import uuid7
from shared_apps.core.pictures import BROKEN

HEAD = "data:image/png;base64,"
MOST_BYTES = 100_000
MOST_SIDE = 2000  # pixels
FOLDER = "signatures"


def read(data_url: str) -> bytes:
    """The picture as it will be kept: a PNG with nothing else in it. Raises FieldError."""
    if not data_url.startswith(HEAD):
        raise _unreadable()
    if len(data_url) > len(HEAD) + MOST_BYTES * 4 // 3 + 4:
        raise FieldError("signature", _("The signature is too large. Clear it and sign again."), "too_large")
    try:
        sent = base64.b64decode(data_url[len(HEAD) :], validate=True)
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(BytesIO(sent), formats=["PNG"])
            if max(image.size) > MOST_SIDE:
                raise FieldError("signature", _("The signature is too large. Clear it and sign again."), "too_large")
            drawn = image.convert("RGBA")
    except (binascii.Error, Image.DecompressionBombWarning, *BROKEN) as error:
        raise _unreadable() from error
    bare = Image.new("RGB", drawn.size, "white")
    bare.paste(drawn, mask=drawn.getchannel("A"))
    out = BytesIO()
    bare.convert("L").save(out, "PNG", optimize=True)
    return out.getvalue()


def keep(content: bytes) -> str:
    """Store it; its name."""
    return default_storage.save(f"{FOLDER}/{uuid7()}.png", ContentFile(content))


def _unreadable() -> FieldError:
    return FieldError("signature", _("The signature cannot be read. Clear it and sign again."), "unreadable")
