"""Photos: read with care, made smaller, and written anew, so that nothing but the picture is left of what was sent."""

from __future__ import annotations

import warnings
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from typing import IO

from PIL import Image, ImageCms, ImageOps

from tenant_apps.files.errors import TooManyPixels, UnreadableImage
from tenant_apps.files.kinds import IMAGES, Kind

LONGEST_SIDE = 2048  # pixels, of what is kept
THUMBNAIL = 400
MEGAPIXELS = 40  # more are refused before anything is unpacked: 40 million take 160 MB
MEGAPIXELS_JPEG = 150  # a JPEG is unpacked at a fraction of its size
# What a damaged or hostile file makes the decoders raise.
BROKEN = (OSError, SyntaxError, ValueError, EOFError, MemoryError, OverflowError, Image.DecompressionBombError)


@dataclass(frozen=True, slots=True)
class Picture:
    """A photo as it will be kept."""

    kind: Kind
    content: bytes
    thumbnail: bytes
    width: int
    height: int


def prepare(file: IO[bytes], name: str, *, longest: int = LONGEST_SIDE) -> Picture:
    """Raises TooManyPixels and UnreadableImage. Place, camera, author and all else that is no picture is gone."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # we have limits of our own
            image = _opened(file, name, longest)
            kind = IMAGES[image.format or ""]
            picture = _fitted(image, longest)
            small = picture.copy()
            small.thumbnail((THUMBNAIL, THUMBNAIL), Image.Resampling.LANCZOS)
            return Picture(kind, _written(picture, kind), _written(small, kind), picture.width, picture.height)
    except BROKEN as error:
        raise UnreadableImage(name) from error


def _opened(file: IO[bytes], name: str, longest: int) -> Image.Image:
    """The header alone is read here: how many pixels there are to come."""
    file.seek(0)
    try:
        image: Image.Image = Image.open(file, formats=tuple(IMAGES))
    except Image.DecompressionBombError as error:
        raise TooManyPixels(name, MEGAPIXELS) from error
    limit = MEGAPIXELS_JPEG if image.format == "JPEG" else MEGAPIXELS
    if image.width * image.height > limit * 1_000_000:
        raise TooManyPixels(name, limit)
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


def _written(image: Image.Image, kind: Kind) -> bytes:
    out = BytesIO()
    if kind.label == "JPEG":
        image.convert("RGB").save(out, "JPEG", quality=85, optimize=True, progressive=True)
    elif kind.label == "PNG":
        image.save(out, "PNG", optimize=image.width * image.height < 1_000_000)
    else:
        image.save(out, "WEBP", quality=85, method=4)
    return out.getvalue()
