"""The panel of files in the browser, downloads, and the same through the API."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shared_apps.accounts.models import User
from shared_apps.organizations.models import Membership, Organization, Role
from shared_apps.organizations.signals import members_changed
from shared_apps.tenancy import context
from tenant_apps.clients import services as clients
from tenant_apps.clients.models import Client
from tenant_apps.files import services
from tenant_apps.files.models import Attachment
from tests.files.conftest import picture, upload

HTMX = {"HX-Request": "true"}


@pytest.fixture
def panel(client_of_acme: Client) -> str:
    return f"/files/clients.client/{client_of_acme.pk}/"


@pytest.fixture
def attachment(acme: Organization, client_of_acme: Client) -> Attachment:
    with context.enter(acme.schema_name):
        return services.attach(
            "clients.client", client_of_acme.pk, upload=upload("Casa de máquinas.jpg", picture()), actor=None
        )


def as_viewer(bob: User, acme: Organization) -> None:
    Membership.objects.filter(user=bob).update(role=Role.VIEWER)
    with context.enter(acme.schema_name):
        members_changed.send(Organization, organization=acme, user_ids=[bob.pk])


def test_several_files_at_once_some_refused(pages: Any, bob: User, acme: Organization, panel: str) -> None:
    browser = pages(bob, acme)
    sent = {"file": [upload("a.jpg", picture()), upload("b.jpg", b"<html>"), upload("c.pdf", b"%PDF-1.7 c")]}
    answer = browser.post(f"{panel}uploads/", sent, headers=HTMX)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "b.jpg is not a file we take" in page
    assert "c.pdf" in page
    assert json.loads(answer["HX-Trigger"])["toast"]["text"] == "2 files added."
    assert "<html" not in page  # the panel alone


def test_a_page_of_photos_leads_back_to_the_client(
    pages: Any, bob: User, acme: Organization, client_of_acme: Client, inside: Organization
) -> None:
    place = clients.add_place(client_of_acme, actor=None, label="Home", city="Santos", state="SP")
    pool = clients.add_asset(place, actor=None, name="Pool")
    browser = pages(bob, acme)
    for label, thing in (("clients.client", client_of_acme), ("clients.place", place), ("clients.asset", pool)):
        page = browser.get(f"/files/{label}/{thing.pk}/").content.decode()
        assert f'<a href="/clients/{client_of_acme.pk}/">{client_of_acme.name}</a>' in page


def test_nothing_taken_is_422_in_words(pages: Any, bob: User, acme: Organization, panel: str) -> None:
    browser = pages(bob, acme)
    answer = browser.post(f"{panel}uploads/", {"file": upload("a.jpg", b"<html>")}, headers=HTMX)
    assert answer.status_code == 422
    answer = browser.post(f"{panel}uploads/", {}, headers=HTMX)
    assert (answer.status_code, "Choose a file." in answer.content.decode()) == (422, True)


def test_a_50_mb_photo(pages: Any, api: Any, bob: User, acme: Organization, panel: str, client_of_acme: Client) -> None:
    huge = picture() + b"\0" * 50 * 1024 * 1024
    answer = pages(bob, acme).post(f"{panel}uploads/", {"file": upload("a.jpg", huge)}, headers=HTMX)
    assert answer.status_code == 422
    assert "The file is larger than 25 MB." in answer.content.decode()
    sent = {"subject_type": "clients.client", "subject_id": client_of_acme.pk, "file": upload("a.jpg", huge)}
    problem = api(bob, acme).post("/api/v1/attachments/", sent, format="multipart")
    assert (problem.status_code, problem.json()["code"]) == (413, "too_large")


def test_without_javascript_it_is_a_page(pages: Any, bob: User, acme: Organization, panel: str) -> None:
    browser = pages(bob, acme)
    answer = browser.post(f"{panel}uploads/", {"file": upload("<b>a.jpg", picture())}, follow=True)
    page = answer.content.decode()
    assert answer.redirect_chain == [(panel, 302)]
    assert "_b_a.jpg" in page
    assert "<b>a.jpg" not in page
    assert "capture" in page


def test_removed_with_undo(pages: Any, bob: User, acme: Organization, panel: str, attachment: Attachment) -> None:
    browser = pages(bob, acme)
    answer = browser.post(f"/files/{attachment.pk}/removal/", headers=HTMX)
    events = json.loads(answer["HX-Trigger"])
    assert "files-changed" in events
    assert "máquinas" not in browser.get(panel, headers=HTMX).content.decode()
    assert browser.get(f"/files/{attachment.pk}/").status_code == 404
    browser.post(events["toast"]["undo_url"], {"undo": "1"}, headers=HTMX)
    assert "máquinas" in browser.get(panel, headers=HTMX).content.decode()


def test_a_viewer_looks_and_changes_nothing(
    pages: Any, bob: User, acme: Organization, panel: str, attachment: Attachment
) -> None:
    as_viewer(bob, acme)
    browser = pages(bob, acme)
    page = browser.get(panel, headers=HTMX).content.decode()
    assert "máquinas" in page
    assert "<form" not in page
    assert browser.post(f"{panel}uploads/", {"file": upload("a.jpg", picture())}).status_code == 403
    assert browser.post(f"/files/{attachment.pk}/removal/").status_code == 403


def test_a_download_is_inert_and_fresh(pages: Any, bob: User, acme: Organization, attachment: Attachment) -> None:
    browser = pages(bob, acme)
    answer = browser.get(f"/files/{attachment.pk}/")
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'; sandbox"
    assert answer["Cache-Control"] == "private, no-cache"
    assert answer["Content-Disposition"].startswith("inline; filename*=utf-8''Casa%20de%20m")
    with context.enter(acme.schema_name):
        assert b"".join(answer.streaming_content) == default_storage.open(attachment.file).read()
    assert browser.get(f"/files/{attachment.pk}/", headers={"if-none-match": answer["ETag"]}).status_code == 304
    assert browser.get(f"/files/{attachment.pk}/?download")["Content-Disposition"].startswith("attachment")
    assert browser.get(f"/files/{attachment.pk}/thumbnail/").status_code == 200


def test_a_document_is_downloaded_not_shown(pages: Any, bob: User, acme: Organization, client_of_acme: Client) -> None:
    with context.enter(acme.schema_name):
        text, pdf = (
            services.attach("clients.client", client_of_acme.pk, upload=upload(name, content), actor=None)
            for name, content in [("a.txt", b"hello"), ("a.pdf", b"%PDF-1.7")]
        )
    browser = pages(bob, acme)
    assert browser.get(f"/files/{text.pk}/")["Content-Disposition"].startswith("attachment")
    assert browser.get(f"/files/{text.pk}/thumbnail/").status_code == 404
    answer = browser.get(f"/files/{pdf.pk}/")
    assert answer["Content-Disposition"].startswith("inline")
    assert "sandbox" not in answer["Content-Security-Policy"]


def test_another_organizations_files_do_not_exist(
    pages: Any, api: Any, carol: User, acme: Organization, globex: Organization, attachment: Attachment, panel: str
) -> None:
    hers = pages(carol, globex)
    for path in (f"/files/{attachment.pk}/", f"/files/{attachment.pk}/thumbnail/", panel):
        assert hers.get(path).status_code == 404
        assert pages(None, acme).get(path).status_code == 302
    with context.enter(globex.schema_name):  # even with a copy of the row, the file is another organization's
        Attachment.objects.bulk_create([attachment])
    assert hers.get(f"/files/{attachment.pk}/").status_code == 404


def test_a_lost_file_is_not_found(pages: Any, bob: User, acme: Organization, attachment: Attachment) -> None:
    with context.enter(acme.schema_name):
        default_storage.delete(attachment.file)
    assert pages(bob, acme).get(f"/files/{attachment.pk}/").status_code == 404


def test_the_panel_asks_the_same_few_questions_however_many_files(
    pages: Any, bob: User, acme: Organization, panel: str, client_of_acme: Client
) -> None:
    browser = pages(bob, acme)
    with context.enter(acme.schema_name):
        for number in range(8):
            services.attach("clients.client", client_of_acme.pk, upload=upload(f"{number}.txt", b"hello"), actor=None)
    browser.get(panel, headers=HTMX)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        browser.get(panel, headers=HTMX)
    statements = [query["sql"] for query in asked if "search_path" not in query["sql"]]
    assert len(statements) <= 6, statements


def test_the_api(api: Any, bob: User, acme: Organization, client_of_acme: Client) -> None:
    client = api(bob, acme)
    subject = {"subject_type": "clients.client", "subject_id": str(client_of_acme.pk)}
    made = client.post("/api/v1/attachments/", {**subject, "file": upload("a.jpg", picture())}, format="multipart")
    assert (made.status_code, made.json()["width"], made.json()["has_thumbnail"]) == (201, 300, True)
    address = f"/api/v1/attachments/{made.json()['id']}/"
    assert made["Location"].endswith(address)
    listed = client.get("/api/v1/attachments/", subject).json()
    assert [row["name"] for row in listed["results"]] == ["a.jpg"]
    assert client.get(f"{address}content/")["Content-Type"] == "image/jpeg"
    assert client.get(f"{address}thumbnail/").status_code == 200
    assert client.delete(address).status_code == 204
    assert client.get(address).status_code == 404
    assert client.post(f"{address}restoration/", format="multipart").status_code == 200
    assert client.get(address).json()["name"] == "a.jpg"
    for query in ({}, {**subject, "subject_type": "team.member"}, {**subject, "subject_id": "x"}):
        assert client.get("/api/v1/attachments/", query).status_code in {400, 422}
    assert client.post("/api/v1/attachments/", subject, format="multipart").status_code == 422
    assert (
        client.post("/api/v1/attachments/", {"file": upload("a.jpg", picture())}, format="multipart").status_code == 422
    )
    assert client.post("/api/v1/attachments/", {}, format="json").status_code == 415


def test_a_clients_page_offers_its_files(pages: Any, bob: User, acme: Organization, client_of_acme: Client) -> None:
    page = pages(bob, acme).get(f"/clients/{client_of_acme.pk}/").content.decode()
    assert f'hx-get="/files/clients.client/{client_of_acme.pk}/"' in page
    assert 'href="/clients/" aria-current="page"' in page  # the sidebar is still there
