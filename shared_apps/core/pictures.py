"""Photos: read with care, made smaller, and written anew, so that nothing but the picture is left of what was sent."""

from __future__ import annotations

import warnings
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from typing import IO

from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageCms, ImageOps

from shared_apps.core.errors import FieldError

FORMATS = ("JPEG", "PNG", "WEBP")
LONGEST_SIDE = 2048  # pixels, of what is kept
THUMBNAIL = 400
MEGAPIXELS = 40  # more are refused before anything is unpacked: 40 million take 160 MB
MEGAPIXELS_JPEG = 150  # a JPEG is unpacked at a fraction of its size
# What a damaged or hostile file makes the decoders raise.
BROKEN = (OSError, SyntaxError, ValueError, EOFError, MemoryError, OverflowError, Image.DecompressionBombError)


class UnreadableImage(FieldError):
    def __init__(self, name: str, *, field: str) -> None:
        message = _("%(name)s cannot be read as a photo. It may be damaged; take or save it again.")
        super().__init__(field, message, "unreadable", name=name)


class TooManyPixels(FieldError):
    def __init__(self, name: str, megapixels: int, *, field: str) -> None:
        message = _("%(name)s has too many pixels: at most %(limit)s million.")
        super().__init__(field, message, "too_many_pixels", name=name, limit=megapixels)


@dataclass(frozen=True, slots=True)
class Picture:
    """A photo as it will be kept. `form` is one of FORMATS."""

    form: str
    content: bytes
    thumbnail: bytes
    width: int
    height: int


def prepare(file: IO[bytes], name: str, *, field: str = "file", longest: int = LONGEST_SIDE) -> Picture:
    """Raises TooManyPixels and UnreadableImage. Place, camera, author and all else that is no picture is gone."""
    try:
        image = _opened(file, name, field, longest)
        form = image.format or ""
        picture = _fitted(image, longest)
        small = picture.copy()
        small.thumbnail((THUMBNAIL, THUMBNAIL), Image.Resampling.LANCZOS)
        return Picture(form, _written(picture, form), _written(small, form), picture.width, picture.height)
    except BROKEN as error:
        raise UnreadableImage(name, field=field) from error


def square(file: IO[bytes], name: str, *, field: str, side: int) -> bytes:
    """A mark of the firm: the whole picture in the middle of a transparent square, as PNG. Raises as `prepare`."""
    try:
        picture = _fitted(_opened(file, name, field, side), side).convert("RGBA")
        canvas = Image.new("RGBA", (side, side), (0, 0, 0, 0))
        canvas.paste(picture, ((side - picture.width) // 2, (side - picture.height) // 2))
        return _written(canvas, "PNG")
    except BROKEN as error:
        raise UnreadableImage(name, field=field) from error


def _opened(file: IO[bytes], name: str, field: str, longest: int) -> Image.Image:
    """The header alone is read here: how many pixels there are to come."""
    file.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # we have limits of our own
            image: Image.Image = Image.open(file, formats=FORMATS)
    except Image.DecompressionBombError as error:
        raise TooManyPixels(name, MEGAPIXELS, field=field) from error
    limit = MEGAPIXELS_JPEG if image.format == "JPEG" else MEGAPIXELS
    if image.width * image.height > limit * 1_000_000:
        raise TooManyPixels(name, limit, field=field)
    image.draft("RGB", (longest, longest))
    return image


def _fitted(image: Image.Image, longest: int) -> Image.Image:
    """Upright, in sRGB, at most so long, and without what hung on it."""
    profile = image.info.get("icc_profile")
    has_alpha = image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info
    image = ImageOps.exif_transpose(image)
    if profile and image.mode == "RGB":
        with suppress(ImageCms.PyCMSError, OSError, ValueError):
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), inPlace=True)
    image = image.convert("RGBA" if has_alpha else "RGB")
    image.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    bare = Image.new(image.mode, image.size)
    bare.paste(image)
    return bare


def _written(image: Image.Image, form: str) -> bytes:
    out = BytesIO()
    if form == "JPEG":
        image.convert("RGB").save(out, form, quality=85, optimize=True, progressive=True)
    elif form == "PNG":
        image.save(out, form, optimize=image.width * image.height < 1_000_000)
    else:
        image.save(out, form, quality=85, method=4)
    return out.getvalue()
