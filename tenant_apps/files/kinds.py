"""What a file is, told from what is in it. Its name only has to agree."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from typing import IO

import puremagic

from tenant_apps.files.errors import EmptyFile, NotAccepted, WrongEnding
from tenant_apps.files.names import ending_of

HEAD = 8192  # bytes that are looked at
_OFFICE = "application/vnd.openxmlformats-officedocument"
_OPEN = "application/vnd.oasis.opendocument"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file that is taken. The first ending is the one a file without any gets."""

    content_type: str
    label: str
    endings: tuple[str, ...]

    @property
    def is_image(self) -> bool:
        return self.content_type.startswith("image/")


JPEG = Kind("image/jpeg", "JPEG", (".jpg", ".jpeg", ".jpe", ".jfif"))
PNG = Kind("image/png", "PNG", (".png",))
WEBP = Kind("image/webp", "WebP", (".webp",))
PDF = Kind("application/pdf", "PDF", (".pdf",))
IMAGES = {kind.label.upper(): kind for kind in (JPEG, PNG, WEBP)}
# In a ZIP: the part that only this kind has.
PACKAGES = {
    "word/document.xml": Kind(f"{_OFFICE}.wordprocessingml.document", "DOCX", (".docx",)),
    "xl/workbook.xml": Kind(f"{_OFFICE}.spreadsheetml.sheet", "XLSX", (".xlsx",)),
    "ppt/presentation.xml": Kind(f"{_OFFICE}.presentationml.presentation", "PPTX", (".pptx",)),
}
OPEN_DOCUMENTS = {
    f"{_OPEN}.text": Kind(f"{_OPEN}.text", "ODT", (".odt",)),
    f"{_OPEN}.spreadsheet": Kind(f"{_OPEN}.spreadsheet", "ODS", (".ods",)),
    f"{_OPEN}.presentation": Kind(f"{_OPEN}.presentation", "ODP", (".odp",)),
}
TEXT = Kind("text/plain", "TXT", (".txt", ".log", ".md"))
CSV = Kind("text/csv", "CSV", (".csv", ".tsv"))


def of(file: IO[bytes], name: str) -> Kind:
    """The kind of a file, which is left at its beginning. Raises EmptyFile, NotAccepted, WrongEnding."""
    file.seek(0)
    head = file.read(HEAD)
    file.seek(0)
    if not head:
        raise EmptyFile(name)
    kind = _binary(file, head) or _text(head, name)
    file.seek(0)
    if kind is None:
        raise NotAccepted(name)
    ending = ending_of(name)
    fits = (
        not ending
        or ending in kind.endings
        or (kind.is_image and any(ending in one.endings for one in IMAGES.values()))
    )
    if not fits:  # among photos the ending does not matter: they are written anew, with the right one
        raise WrongEnding(name, kind.label)
    return kind


def _binary(file: IO[bytes], head: bytes) -> Kind | None:
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return WEBP
    if head.startswith(b"%PDF-"):
        return PDF
    return _package(file) if head.startswith(b"PK\x03\x04") else None


def _package(file: IO[bytes]) -> Kind | None:
    """An Office document, by its table of contents: nothing is unpacked but one short name. None with macros in it."""
    try:
        with zipfile.ZipFile(file) as package:
            parts = set(package.namelist()[:5000])
            if any(part.lower().endswith("vbaproject.bin") for part in parts):
                return None
            for part, kind in PACKAGES.items():
                if part in parts and "[Content_Types].xml" in parts:
                    return kind
            if "mimetype" in parts and package.getinfo("mimetype").file_size < 100:
                return OPEN_DOCUMENTS.get(package.read("mimetype").decode("ascii", "replace").strip())
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, OSError, EOFError):
        pass
    return None


def _text(head: bytes, name: str) -> Kind | None:
    """Text that no browser would take for a page and no shell for a script."""
    if ending_of(name) not in {*TEXT.endings, *CSV.endings, ""}:
        return None
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < len(head) - 4 and any(byte < 32 and byte not in b"\t\n\r\x0c" for byte in head):
            return None
    if b"\x00" in head or any(byte < 9 for byte in head):
        return None
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<", b"#!", b"mz")) or b"<script" in start or b"<html" in start or b"<svg" in start:
        return None
    return CSV if ending_of(name) in CSV.endings else TEXT if _is_unknown(head) else None


def _is_unknown(head: bytes) -> bool:
    """Whether puremagic, which knows some thousand formats, sees none of them here (plain text is none)."""
    try:
        found = puremagic.from_string(head, mime=True)
    except (puremagic.PureError, ValueError):
        return True
    return not found or found.startswith("text/plain")
