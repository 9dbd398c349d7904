"""What is taken in, what is made of it, and what is refused with a reason."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator
from datetime import time, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone
from PIL import Image

from shared_apps.core.errors import FieldError, NotThere
from shared_apps.core.ids import uuid7
from shared_apps.organizations import current
from shared_apps.organizations.models import Organization
from shared_apps.tenancy import context
from shared_apps.tenancy.models import DueWork
from shared_apps.web.uploads import FileTooLarge
from tenant_apps.activity.models import Activity
from tenant_apps.clients.errors import ClientArchived
from tenant_apps.clients.models import Client
from tenant_apps.clients.services import add_asset, add_place, archive_client, create_client, merge_clients
from tenant_apps.files import names, services
from tenant_apps.files.models import Attachment, Removal
from tests.files.conftest import photo_with_place, picture, upload


@pytest.fixture(autouse=True)
def _inside(acme: Organization) -> Iterator[None]:
    with context.enter(acme.schema_name):
        yield


def attach(client: Client, name: str, content: bytes) -> Attachment:
    return services.attach("clients.client", client.pk, upload=upload(name, content), actor=None)


def package(*parts: str, mimetype: str = "") -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        if mimetype:
            file.writestr("mimetype", mimetype)
        for part in parts:
            file.writestr(part, "x")
    return out.getvalue()


def bomb() -> bytes:
    """A PNG of a few hundred bytes that says it is 60000 pixels wide and high."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 60000, 60000, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def test_a_photo_loses_where_it_was_taken_and_stands_upright(client_of_acme: Client) -> None:
    sent = photo_with_place((300, 200))
    assert b"SecretPhone" in sent
    attachment = attach(client_of_acme, "IMG 1.JPG", sent)
    kept = default_storage.open(attachment.file).read()
    image = Image.open(BytesIO(kept))
    assert (attachment.width, attachment.height) == image.size == (200, 300)
    assert not image.getexif()
    assert b"Secret" not in kept
    assert (attachment.name, attachment.content_type) == ("IMG 1.jpg", "image/jpeg")
    assert Image.open(default_storage.open(attachment.thumbnail)).size == (200, 300)


def test_a_large_photo_is_made_smaller(client_of_acme: Client) -> None:
    attachment = attach(client_of_acme, "big.jpg", picture((5000, 2500)))
    assert (attachment.width, attachment.height) == (2048, 1024)
    small = Image.open(default_storage.open(attachment.thumbnail))
    assert small.size == (400, 200)


@pytest.mark.parametrize(
    ("form", "mode", "ending", "kind"),
    [("PNG", "RGBA", ".png", "image/png"), ("PNG", "P", ".png", "image/png"), ("WEBP", "RGB", ".webp", "image/webp"),
     ("JPEG", "CMYK", ".jpg", "image/jpeg"), ("JPEG", "L", ".jpg", "image/jpeg")],
)  # fmt: skip
def test_every_kind_of_photo(client_of_acme: Client, form: str, mode: str, ending: str, kind: str) -> None:
    options: dict[str, Any] = {"mode": mode}
    content = BytesIO()
    Image.new(mode, (20, 10)).save(content, form)
    attachment = attach(client_of_acme, "photo", content.getvalue())
    assert options
    assert (attachment.name, attachment.content_type) == (f"photo{ending}", kind)


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("laudo.pdf", b"%PDF-1.7\nhello", "application/pdf"),
        ("notas.txt", "Água às 8h\n".encode("latin-1"), "text/plain"),
        ("lista.csv", "nome;cidade\nJoão;São Paulo\n".encode(), "text/csv"),
        ("a.docx", package("[Content_Types].xml", "word/document.xml"), None),
        ("a.xlsx", package("[Content_Types].xml", "xl/workbook.xml"), None),
        ("a.odt", package(mimetype="application/vnd.oasis.opendocument.text"), None),
        ("photo.png", picture(), "image/jpeg"),  # a photo with another photo's ending is written anew anyway
    ],
)
def test_documents_are_kept_as_they_are(client_of_acme: Client, name: str, content: bytes, kind: str | None) -> None:
    attachment = attach(client_of_acme, name, content)
    assert kind is None or attachment.content_type == kind
    if kind != "image/jpeg":
        assert default_storage.open(attachment.file).read() == content
        assert attachment.size == len(content)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("photo.jpg", b"%PDF-1.7\nhello", "wrong_ending"),
        ("photo.jpg", b"<html><script>alert(1)</script>", "type_not_accepted"),
        ("photo.jpg", b"MZ\x90\x00" + b"\0" * 100, "type_not_accepted"),
        ("photo.jpg", b"\xff\xd8\xff\xe0 and then nothing", "unreadable"),
        ("photo.png", picture()[:400], "unreadable"),
        ("laudo.pdf", picture(), "wrong_ending"),
        ("page.html", b"<p>hello</p>", "type_not_accepted"),
        ("drawing.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', "type_not_accepted"),
        ("notes.txt", b"<svg xmlns='x'>", "type_not_accepted"),
        ("notes.txt", b"hello <script>alert(1)</script>", "type_not_accepted"),
        ("notes.txt", b"a\x00b", "type_not_accepted"),
        ("run.txt", b"#!/bin/sh\nrm -rf /\n", "type_not_accepted"),
        ("run.exe", b"MZ\x90\x00" + b"\0" * 100, "type_not_accepted"),
        ("all.zip", package("a.txt"), "type_not_accepted"),
        ("a.docx", package("a.txt"), "type_not_accepted"),
        ("a.docx", package("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), "type_not_accepted"),
        ("a.docx", b"PK\x03\x04 broken", "type_not_accepted"),
        ("a.xlsx", package("[Content_Types].xml", "word/document.xml"), "wrong_ending"),
        ("empty.pdf", b"", "empty"),
        ("bomb.png", bomb(), "too_many_pixels"),
    ],
)
def test_what_is_refused_says_why_and_leaves_nothing(
    client_of_acme: Client, name: str, content: bytes, code: str
) -> None:
    before = default_storage.listdir(str(timezone.now().year))[1]
    with pytest.raises(FieldError) as refusal:
        attach(client_of_acme, name, content)
    assert (refusal.value.field, refusal.value.code) == ("file", code)
    assert name in refusal.value.detail
    assert not Attachment.objects.exists()
    assert default_storage.listdir(str(timezone.now().year))[1] == before


def test_too_large_is_said_with_the_limit(client_of_acme: Client, settings: Any) -> None:
    settings.FILES_DOCUMENT_MB = 1
    with pytest.raises(FileTooLarge) as refusal:
        attach(client_of_acme, "a.pdf", b"%PDF-1.7" + b" " * 1024 * 1024)
    assert "1 MB" in refusal.value.detail


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\ana\\Laudo final.PDF", "Laudo final.pdf"),
        ("<img src=x onerror=alert(1)>.pdf", "_img src=x onerror=alert(1)_.pdf"),
        ("a\u202efdp.exe", "afdp.pdf"),
        ("a\x00b\nc.pdf", "abc.pdf"),
        ("", "file.pdf"),
        ("...", "file.pdf"),
        ("a" * 300 + ".pdf", "a" * 116 + ".pdf"),
        ("Relatório nº 5.pdf", "Relatório nº 5.pdf"),
    ],
)
def test_names_are_made_harmless(sent: str, kept: str) -> None:
    assert names.clean(sent, ending=".pdf") == kept


def test_files_hang_on_clients_places_and_assets_and_their_history_tells(client_of_acme: Client) -> None:
    place = add_place(client_of_acme, actor=None, city="Santos")
    asset = add_asset(place, actor=None, name="Pool")
    for label, pk in (("clients.place", place.pk), ("clients.asset", asset.pk)):
        services.attach(label, pk, upload=upload("a.jpg", picture()), actor=None)
    told = Activity.objects.filter(verb="file.added", subject_id=client_of_acme.pk)
    assert [activity.after for activity in told] == [{"file": "a.jpg"}] * 2
    for label, pk in (("clients.client", uuid7()), ("team.member", client_of_acme.pk), ("x", uuid7())):
        with pytest.raises(NotThere):
            services.attach(label, pk, upload=upload("a.jpg", picture()), actor=None)


def test_an_archived_client_takes_no_files_and_none_is_left_behind(client_of_acme: Client) -> None:
    attachment = attach(client_of_acme, "a.jpg", picture())
    archive_client(client_of_acme, actor=None)
    before = default_storage.listdir(str(timezone.now().year))
    with pytest.raises(ClientArchived):
        attach(client_of_acme, "b.jpg", picture())
    with pytest.raises(ClientArchived):
        services.remove(attachment, actor=None)
    assert default_storage.listdir(str(timezone.now().year)) == before


def test_removed_and_restored(client_of_acme: Client) -> None:
    attachment = attach(client_of_acme, "a.jpg", picture())
    for _ in range(2):
        services.remove(attachment, actor=None)
        assert not Attachment.objects.standing().exists()
    for _ in range(2):
        services.restore(attachment, actor=None)
        assert Attachment.objects.standing().get() == attachment
    assert list(Activity.objects.filter(verb__startswith="file.").order_by("id").values_list("verb", flat=True)) == [
        "file.added", "file.removed", "file.restored",
    ]  # fmt: skip


def test_a_merged_clients_files_move(client_of_acme: Client) -> None:
    attachment = attach(client_of_acme, "a.jpg", picture())
    survivor = create_client(actor=None, name="Maria Silva")
    merge_clients(survivor, client_of_acme, actor=None)
    attachment.refresh_from_db()
    assert attachment.subject_id == survivor.pk


def test_the_job_empties_the_trash_and_drops_what_nobody_knows(
    client_of_acme: Client, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    now = timezone.now()
    kept, trashed, lost = (attach(client_of_acme, f"{name}.jpg", picture()) for name in "abc")
    services.remove(trashed, actor=None)
    Removal.objects.update(at=now - timedelta(days=settings.FILES_TRASH_DAYS, hours=1))
    Attachment.objects.filter(pk=lost.pk).update(subject_id=uuid7())  # its place was deleted
    orphan = default_storage.save(f"{now.year}/{uuid7()}.jpg", ContentFile(b"a"))
    foreign = default_storage.save(f"{now.year}/not-ours.jpg", ContentFile(b"a"))
    with django_capture_on_commit_callbacks(execute=True):
        assert services.clean_up(now) == 2
    assert list(Attachment.objects.all()) == [kept]
    assert not default_storage.exists(trashed.file)
    assert not default_storage.exists(trashed.thumbnail)
    assert default_storage.exists(orphan)  # its upload may still be under way
    with django_capture_on_commit_callbacks(execute=True):
        assert services.clean_up(now + timedelta(days=2)) == 0
    assert not default_storage.exists(orphan)
    assert default_storage.exists(foreign)
    assert default_storage.exists(kept.file)


def test_only_who_keeps_files_is_visited_and_when_the_trash_is_old_enough(
    client_of_acme: Client, settings: Any
) -> None:
    now = timezone.now()
    marks = DueWork.objects.filter(job=services.CLEAN_UP)
    assert services.next_clean_up(now) is None
    assert not marks.exists()
    photo = attach(client_of_acme, "a.jpg", picture())
    sunday = services.next_clean_up(now)
    assert sunday is not None
    assert timedelta(0) < sunday - now <= timedelta(days=8)
    local = sunday.astimezone(current.zone())
    assert (local.weekday(), local.time()) == (6, time(3, 30))
    assert marks.get().due_at == sunday
    services.remove(photo, actor=None)
    end = Removal.objects.get().at + timedelta(days=settings.FILES_TRASH_DAYS)
    due = services.next_clean_up(end - timedelta(minutes=1))
    assert due is not None
    assert due <= end
    assert services.clean_up(end) == 1
    assert services.next_clean_up(end) is None
