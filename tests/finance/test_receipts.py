"""Receipts on entries: for those who see the money book; to everybody else they are not there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client as Browser
from django.utils import timezone
from rest_framework.test import APIClient

from shared_apps.accounts.models import User
from shared_apps.core.ids import uuid7
from shared_apps.organizations.models import Organization
from shared_apps.organizations.permissions import ROLE_PERMISSIONS, Permission
from shared_apps.tenancy import context
from tenant_apps.files import services as files
from tenant_apps.files import subjects
from tenant_apps.files.models import Attachment
from tenant_apps.finance import services
from tenant_apps.finance.errors import EntryCancelled
from tenant_apps.finance.models import Entry
from tests.files.conftest import picture, upload
from tests.finance.conftest import Owes

HTMX = {"HX-Request": "true"}
LABEL = "finance.entry"
API = "/api/v1/attachments/"


@pytest.fixture
def entry(owes: Owes) -> Entry:
    return owes()


@pytest.fixture
def receipt(entry: Entry) -> Attachment:
    return files.attach(LABEL, entry.pk, upload=upload("nota fiscal.jpg", picture()), actor=None)


def test_who_may_not_see_finance_finds_nothing(
    pages: Callable[..., Browser], staff: APIClient, acme: Organization, bob: User, entry: Entry, receipt: Attachment
) -> None:
    browser = pages(bob, acme)
    panel, kept = f"/files/{LABEL}/{entry.pk}/", Attachment.objects.count()
    seen = [panel, f"/files/{receipt.pk}/", f"/files/{receipt.pk}/?download", f"/files/{receipt.pk}/thumbnail/"]
    answers: list[Any] = [browser.get(path) for path in seen]
    answers += [
        browser.post(f"{panel}uploads/", {"file": upload("a.jpg", picture())}),
        browser.post(f"{panel}uploads/", {"file": upload("a.jpg", picture())}, headers=HTMX),
        browser.post(f"/files/{receipt.pk}/removal/"),
        browser.post(f"/files/{receipt.pk}/removal/", {"undo": "1"}),
    ]
    subject: dict[str, Any] = {"subject_type": LABEL, "subject_id": str(entry.pk)}
    answers += [staff.get(f"{API}{receipt.pk}/{part}") for part in ("", "content/", "thumbnail/")]
    answers += [
        staff.get(API, subject),
        staff.post(API, {**subject, "file": upload("a.jpg", picture())}, format="multipart"),
        staff.delete(f"{API}{receipt.pk}/"),
        staff.post(f"{API}{receipt.pk}/restoration/", format="multipart"),
    ]
    assert [answer.status_code for answer in answers] == [404] * len(answers)
    assert not any("nota fiscal" in answer.content.decode() for answer in answers)
    assert (Attachment.objects.count(), Attachment.objects.standing().count()) == (kept, kept)


def test_it_answers_as_if_there_were_no_such_file(staff: APIClient, receipt: Attachment) -> None:
    own = ("instance", "request_id")
    real, none = (staff.get(f"{API}{pk}/").json() for pk in (receipt.pk, uuid7()))
    assert real | dict.fromkeys(own, "") == none | dict.fromkeys(own, "")


def test_another_organization_does_not_find_it(
    pages: Callable[..., Browser], api: Callable[..., APIClient], carol: User, globex: Organization, entry: Entry,
    receipt: Attachment,
) -> None:  # fmt: skip
    hers, her_api = pages(carol, globex), api(carol, globex)
    for path in (f"/files/{LABEL}/{entry.pk}/", f"/files/{receipt.pk}/", f"/files/{receipt.pk}/thumbnail/"):
        assert hers.get(path).status_code == 404
    assert her_api.get(f"{API}{receipt.pk}/content/").status_code == 404
    assert her_api.get(API, {"subject_type": LABEL, "subject_id": str(entry.pk)}).status_code == 404
    with context.enter(globex.schema_name):
        assert not Attachment.objects.exists()


def test_added_seen_and_removed_on_the_entrys_page(desk: Browser, entry: Entry) -> None:
    panel = f"/files/{LABEL}/{entry.pk}/"
    assert f'hx-get="{panel}"' in desk.get(f"/entries/{entry.pk}/").content.decode()
    empty = desk.get(panel, headers=HTMX).content.decode()
    assert "Receipts and documents" in empty
    assert 'capture="environment"' in empty
    page = desk.post(f"{panel}uploads/", {"file": upload("recibo.jpg", picture())}, headers=HTMX).content.decode()
    made = Attachment.objects.get()
    assert f"/files/{made.pk}/thumbnail/" in page
    assert desk.get(f"/files/{made.pk}/")["Content-Type"] == "image/jpeg"
    history = desk.get(f"/entries/{entry.pk}/").content.decode()
    assert "File added" in history
    desk.post(f"/files/{made.pk}/removal/", headers=HTMX)
    assert "recibo.jpg" not in desk.get(panel, headers=HTMX).content.decode()


def test_the_api(owner: APIClient, entry: Entry) -> None:
    subject = {"subject_type": LABEL, "subject_id": str(entry.pk)}
    made = owner.post(API, {**subject, "file": upload("nf.pdf", b"%PDF-1.7 nf")}, format="multipart")
    assert (made.status_code, made.json()["subject_type"]) == (201, LABEL)
    assert [row["name"] for row in owner.get(API, subject).json()["results"]] == ["nf.pdf"]
    assert owner.get(f"{made['Location']}content/").status_code == 200
    assert owner.delete(made["Location"]).status_code == 204
    assert owner.get(API, subject).json()["results"] == []


def test_a_cancelled_entry_takes_no_more(desk: Browser, entry: Entry, receipt: Attachment) -> None:
    services.cancel_entry(entry, actor=None)
    with pytest.raises(EntryCancelled):
        files.attach(LABEL, entry.pk, upload=upload("a.jpg", picture()), actor=None)
    sent = {"file": upload("a.jpg", picture())}
    assert desk.post(f"/files/{LABEL}/{entry.pk}/uploads/", sent, headers=HTMX).status_code == 409
    assert desk.get(f"/files/{receipt.pk}/").status_code == 200  # what there was is still seen


def test_the_files_go_with_the_entry(
    entry: Entry, receipt: Attachment, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    kept = receipt.file
    services.delete_entry(entry, actor=None)
    with django_capture_on_commit_callbacks(execute=True):
        assert files.clean_up(timezone.now() + timedelta(hours=1)) == 1
    assert not Attachment.objects.exists()
    assert not default_storage.exists(kept)


def test_whoever_may_use_a_things_files_gets_through_the_door_of_files() -> None:
    """The pages and the API of files ask for the clients' permissions first; a thing's own come on top of them."""
    for granted in ROLE_PERMISSIONS.values():
        for label in subjects.labels():
            kind = subjects.of(label)
            assert kind.view not in granted or Permission.CLIENTS_VIEW in granted
            assert kind.change not in granted or {Permission.CLIENTS_MANAGE, kind.view} <= granted
