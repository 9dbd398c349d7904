"""Reports, log books and the day on a phone."""

from __future__ import annotations

from typing import Any

import orjson
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from shared_apps.accounts.models import User
from shared_apps.core.ids import uuid7
from tenant_apps.scheduling.models import Appointment, Booking
from tenant_apps.team.models import Member
from tenant_apps.visits.models import VisitReport
from tests.files.conftest import picture
from tests.isolation.rows.base import Row, key_of
from tests.isolation.world import World

REPORT = {"pk": key_of("visits.VisitReport")}
ASSET = {"pk": key_of("clients.Asset")}
VISIT = {"pk": key_of("scheduling.Appointment")}
JSON = "application/json"


def everybodys(world: World) -> None:
    """Whoever is in the team goes to the planted appointment: it is their own."""
    visit = world["scheduling.Appointment"]
    for member in Member.objects.filter(is_active=True):
        Booking.objects.get_or_create(
            appointment=visit, member=member, defaults={"starts_at": visit.starts_at, "ends_at": visit.ends_at}
        )


def open_again(world: World) -> None:
    """Its report was begun and not finished, under no key; it hangs on the planted appointment."""
    everybodys(world)
    VisitReport.objects.filter(pk=world["visits.VisitReport"].pk).update(checked_in_at=None, checked_out_at=None)


def signed(world: World) -> None:
    name = default_storage.save("signatures/planted.png", ContentFile(b"planted"))
    VisitReport.objects.filter(pk=world["visits.VisitReport"].pk).update(signature=name)


def no_show(world: World) -> None:
    everybodys(world)
    Appointment.objects.filter(pk=world["scheduling.Appointment"].pk).update(status="pending")


def report_body(world: World, _user: User) -> dict[str, Any]:
    """Names what is the world's: its appointment and its asset."""
    asset = str(world["clients.Asset"].pk)
    return {
        "appointment": str(world["scheduling.Appointment"].pk),
        "notes": "New",
        "readings": [{"kind": "ph", "value": "7.1", "asset": asset}],
    }


def correction(world: World, user: User) -> dict[str, Any]:
    body = report_body(world, user)
    del body["appointment"]
    return body


def from_the_phone(world: World, user: User) -> tuple[bytes, str]:
    return orjson.dumps(correction(world, user)), JSON


def a_photo(_world: World, _user: User) -> tuple[bytes, str]:
    file = SimpleUploadedFile("a.jpg", picture(), content_type="image/jpeg")
    return encode_multipart(BOUNDARY, {"moment": "before", "key": str(uuid7()), "file": file}), MULTIPART_CONTENT


ANY_VERSION = {"if-match": "*"}
ROWS: dict[str, Row] = {
    "POST /api/v1/visit-reports/": Row(body=report_body, before=open_again),
    "GET /api/v1/visit-reports/<uuid:pk>/": Row(arguments=REPORT),
    "PUT /api/v1/visit-reports/<uuid:pk>/": Row(
        arguments=REPORT, headers=ANY_VERSION, body=correction, before=open_again
    ),
    "GET /api/v1/visit-reports/<uuid:pk>/signature/": Row(arguments=REPORT, before=signed, shows=False),
    "GET /api/v1/assets/<uuid:pk>/log-book/": Row(arguments=ASSET),
    "GET /api/v1/assets/<uuid:pk>/log-book/verification/": Row(arguments=ASSET),
    "GET /visit-reports/<uuid:pk>/": Row(arguments=REPORT),
    "GET /visit-reports/<uuid:pk>/paper/": Row(arguments=REPORT, shows=False),  # letters are packed in a PDF
    "GET /visit-reports/<uuid:pk>/signature/": Row(arguments=REPORT, before=signed, shows=False),
    "GET /visit-reports/log-books/<uuid:pk>/": Row(arguments=ASSET),
    "GET /visit-reports/log-books/<uuid:pk>/paper/": Row(arguments=ASSET, shows=False),
    "GET /today/worker.js": Row(shows=False),
    "POST /today/order/": Row(
        body=lambda world, _user: {"visit": world["scheduling.Appointment"].pk, "up": "1"},
        before=everybodys,
        answers=(302,),
        changes=False,  # the planted visit is not of today
    ),
    "POST /today/<uuid:pk>/report/": Row(arguments=VISIT, body=from_the_phone, before=open_again),
    "POST /today/<uuid:pk>/photos/": Row(arguments=VISIT, body=a_photo, before=open_again),
    "POST /today/<uuid:pk>/no-show/": Row(arguments=VISIT, before=no_show, answers=(302,)),
}
