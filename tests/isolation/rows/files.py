"""Photos and documents: looked at, added, taken away and back."""

from __future__ import annotations

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from shared_apps.accounts.models import User
from tenant_apps.files.models import Removal
from tests.isolation.rows.base import Row, key_of
from tests.isolation.world import World

FILE = {"pk": key_of("files.Attachment")}
SUBJECT = {"subject_type": lambda _world: "clients.client", "subject_id": key_of("clients.Client")}


def removed(world: World) -> None:
    """The planted attachment hangs on the planted client, and its file is there. It lies in the trash."""
    attachment = world["files.Attachment"]
    attachment.subject_id = world["clients.Client"].pk
    attachment.file = default_storage.save("2026/planted.txt", ContentFile(b"planted"))
    attachment.thumbnail = default_storage.save("2026/planted-small.txt", ContentFile(b"planted"))
    attachment.save()


def standing(world: World) -> None:
    removed(world)
    Removal.objects.all().delete()


def upload(world: World, _user: User) -> tuple[bytes, str]:
    sent = {
        "subject_type": "clients.client",
        "subject_id": str(world["clients.Client"].pk),
        "file": SimpleUploadedFile("note.txt", b"a note"),
    }
    return encode_multipart(BOUNDARY, sent), MULTIPART_CONTENT


ROWS: dict[str, Row] = {
    "GET /api/v1/attachments/": Row(answers=(400, 422), shows=False),  # without a subject; tests/files asks for one
    "POST /api/v1/attachments/": Row(body=upload),
    "GET /api/v1/attachments/<uuid:pk>/": Row(arguments=FILE, before=standing),
    "DELETE /api/v1/attachments/<uuid:pk>/": Row(arguments=FILE, before=standing),
    "POST /api/v1/attachments/<uuid:pk>/restoration/": Row(arguments=FILE, before=removed),
    "GET /api/v1/attachments/<uuid:pk>/content/": Row(arguments=FILE, before=standing),
    "GET /api/v1/attachments/<uuid:pk>/thumbnail/": Row(arguments=FILE, before=standing),
    "GET /files/<uuid:pk>/": Row(arguments=FILE, before=standing),
    "GET /files/<uuid:pk>/thumbnail/": Row(arguments=FILE, before=standing),
    "POST /files/<uuid:pk>/removal/": Row(arguments=FILE, before=standing, answers=(302,)),
    "GET /files/<str:subject_type>/<uuid:subject_id>/": Row(arguments=SUBJECT, before=standing),
    "POST /files/<str:subject_type>/<uuid:subject_id>/uploads/": Row(arguments=SUBJECT, body=upload, answers=(302,)),
}
