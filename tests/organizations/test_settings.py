"""The settings pages: firm, logo, accent, security; what everybody sees at once, and two people editing."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image

from shared_apps.accounts.models import User
from shared_apps.core.errors import FieldError
from shared_apps.organizations import colours, profile
from shared_apps.organizations.models import Organization
from shared_apps.tenancy import context, routing
from tenant_apps.activity.models import Activity

FIRM, SECURITY, DOMAINS = "/settings/firm/", "/settings/security/", "/settings/domains/"


@pytest.fixture(autouse=True)
def _fresh_routes() -> None:
    routing.clear()


@pytest.fixture
def owner(pages: Any, alice: User, acme: Organization) -> Any:
    return pages(alice, acme)


def fields(browser: Any, path: str) -> dict[str, str]:
    """The form as the page shows it."""
    form = browser.get(path).context["form"]
    return {name: form[name].value() or "" for name in form.fields}


def png(size: tuple[int, int] = (600, 300), color: str = "red") -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", size, color).save(out, "PNG")
    return SimpleUploadedFile("logo.png", out.getvalue(), content_type="image/png")


def test_the_firm_is_changed_and_shown_at_once(
    owner: Any, acme: Organization, django_capture_on_commit_callbacks: Any
) -> None:
    changed = {
        **fields(owner, FIRM), "name": "Acme <Piscinas> & Cia", "document": "11.222.333/0001-81",
        "phone": "(11) 98765-4321", "accent": "#1D4ED8", "timezone": "America/Manaus",
    }  # fmt: skip
    with django_capture_on_commit_callbacks(execute=True):
        assert owner.post(FIRM, changed).status_code == 302
    acme.refresh_from_db()
    assert (acme.name, acme.document, acme.phone) == ("Acme <Piscinas> & Cia", "11222333000181", "+5511987654321")
    assert (acme.accent, acme.timezone) == ("#1d4ed8", "America/Manaus")
    page = owner.get(FIRM).content.decode()
    assert "Acme &lt;Piscinas&gt; &amp; Cia" in page
    assert "/brand.css?1d4ed8" in page
    assert "--accent:#1d4ed8" in owner.get("/brand.css?1d4ed8").content.decode()
    with context.enter(acme.schema_name):
        told = Activity.objects.get(verb="organization.updated")
    assert str(told.actor_id)
    assert told.after["timezone"] == "America/Manaus"


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("name", " "), ("name", "a" * 121), ("document", "11.222.333/0001-80"), ("document", "123"), ("email", "no"),
        ("phone", "12"), ("locale", "fr"), ("timezone", "Mars/Base"), ("currency", "XYZ"), ("accent", "red"),
        ("accent", "#fbbf24"), ("accent", "#b45309;}body{display:none"),
    ],
)  # fmt: skip
def test_what_is_not_right_is_said_beside_the_field(owner: Any, acme: Organization, field: str, typed: str) -> None:
    answer = owner.post(FIRM, {**fields(owner, FIRM), field: typed})
    assert answer.status_code == 422
    assert answer.context["form"].errors[field]
    assert 'aria-invalid="true"' in answer.content.decode()
    before = acme.name
    acme.refresh_from_db()
    assert acme.name == before


def test_a_document_of_another_organization_is_refused(owner: Any, globex: Organization) -> None:
    Organization.objects.filter(pk=globex.pk).update(document="11222333000181")
    answer = owner.post(FIRM, {**fields(owner, FIRM), "document": "11222333000181"})
    assert (answer.status_code, "document" in answer.context["form"].errors) == (422, True)


def test_the_second_of_two_editors_sees_what_changed(owner: Any, acme: Organization, alice: User) -> None:
    typed = {**fields(owner, FIRM), "phone": "(11) 98765-4321"}
    profile.update_profile(acme, actor=None, name="Renamed", timezone="America/Manaus")
    answer = owner.post(FIRM, typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "<s>Acme Piscinas</s>" in page
    assert "<b>Renamed</b>" in page
    assert "<b>Manaus</b>" in page
    assert "98765-4321" in page  # nothing typed is lost
    assert 'value="Renamed"' in page  # what she did not touch is the other's now
    again = {
        **typed,
        "name": "Renamed",
        "timezone": "America/Manaus",
        "seen": re.findall(r'name="seen" value="([^"]+)"', page)[0],
    }
    assert owner.post(FIRM, again).status_code == 302
    acme.refresh_from_db()
    assert (acme.name, acme.phone) == ("Renamed", "+5511987654321")


def test_a_forged_memory_of_the_form_is_ignored(owner: Any) -> None:
    assert owner.post(FIRM, {**fields(owner, FIRM), "seen": "forged"}).status_code == 302


def test_a_logo_is_square_public_and_replaced(
    owner: Any, pages: Any, acme: Organization, globex: Organization, django_capture_on_commit_callbacks: Any
) -> None:
    stranger = pages(None, acme)
    assert stranger.get("/logo/").status_code == 404
    with django_capture_on_commit_callbacks(execute=True):
        assert owner.post("/settings/firm/logo/", {"logo": png()}).status_code == 302
    answer = stranger.get("/logo/")
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("image/png", "public, max-age=300")
    image = Image.open(BytesIO(b"".join(answer.streaming_content)))
    assert image.size == (256, 256)
    assert (image.getpixel((128, 128)), image.getpixel((128, 5))) == ((255, 0, 0, 255), (0, 0, 0, 0))
    assert stranger.get("/logo/", headers={"if-none-match": answer["ETag"]}).status_code == 304
    assert pages(None, globex).get("/logo/").status_code == 404
    assert 'src="/logo/' in owner.get(FIRM).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        owner.post("/settings/firm/logo/removal/")
    assert stranger.get("/logo/").status_code == 404


@pytest.mark.parametrize("content", [b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"%PDF-1.7", b"\x89PNG\r\n\x1a\n"])
def test_what_is_no_picture_is_no_logo(owner: Any, content: bytes) -> None:
    answer = owner.post("/settings/firm/logo/", {"logo": SimpleUploadedFile("<b>.png", content)})
    assert answer.status_code == 422
    assert "cannot be read as a photo" in answer.content.decode()
    assert owner.post("/settings/firm/logo/", {}).status_code == 422


def test_a_logo_that_is_too_large(owner: Any) -> None:
    answer = owner.post("/settings/firm/logo/", {"logo": SimpleUploadedFile("a.png", b"x" * 6 * 1024 * 1024)})
    assert (answer.status_code, "larger than 5 MB" in answer.content.decode()) == (422, True)


def test_security_names_who_has_no_second_step(
    owner: Any, acme: Organization, alice: User, bob: User, django_capture_on_commit_callbacks: Any
) -> None:
    Authenticator.objects.create(user=alice, type=Authenticator.Type.TOTP, data={})
    page = owner.get(SECURITY).content.decode()
    assert "<li>Bob</li>" in page
    assert "<li>Alice</li>" not in page
    with django_capture_on_commit_callbacks(execute=True):
        changed = {**fields(owner, SECURITY), "require_mfa": "on", "idle_minutes": "15"}
        assert owner.post(SECURITY, changed).status_code == 302
    acme.refresh_from_db()
    assert (acme.require_mfa, acme.idle_minutes) == (True, 15)
    assert 'data-idle-minutes="15"' in owner.get(SECURITY).content.decode()


@pytest.mark.parametrize("minutes", ["4", "481", "", "x", "-1", "99999999999"])
def test_the_idle_time_has_limits(owner: Any, minutes: str) -> None:
    answer = owner.post(SECURITY, {**fields(owner, SECURITY), "idle_minutes": minutes})
    assert (answer.status_code, "idle_minutes" in answer.context["form"].errors) == (422, True)


@pytest.mark.parametrize("path", [FIRM, SECURITY, DOMAINS])
def test_only_who_may_manage_the_organization_comes_in(
    pages: Any, acme: Organization, bob: User, carol: User, path: str
) -> None:
    assert pages(bob, acme).get(path).status_code == 403
    assert pages(bob, acme).post(path, {}).status_code == 403
    assert pages(None, acme).get(path)["Location"].startswith("/sign-in/")
    assert path not in pages(bob, acme).get("/clients/").content.decode()


@pytest.mark.parametrize("path", [FIRM, SECURITY, DOMAINS])
def test_a_page_asks_few_questions(owner: Any, acme: Organization, path: str) -> None:
    for number in range(5):
        acme.domain_claims.create(domain=f"a{number}.example.com", token="t")
    owner.get(path)
    with CaptureQueriesContext(connection) as asked:
        assert owner.get(path).status_code == 200
    statements = [query["sql"] for query in asked if "search_path" not in query["sql"]]
    assert len(statements) <= 6, statements


def test_accents() -> None:
    assert colours.accent(" #B45309 ") == "#b45309"
    assert colours.contrast("#000000", "#ffffff") == 21
    for colour in ("#b45309", "#1d4ed8", "#166534", "#000000"):
        assert colours.contrast(colours.for_the_night(colour), colours.PAPER_DARK) >= colours.LEGIBLE
        assert colours.contrast(colours.on(colour), colour) >= colours.LEGIBLE
    with pytest.raises(FieldError) as refusal:
        colours.accent("#f59e0b")
    assert refusal.value.code == "low_contrast"
    assert colours.style_sheet("") == ""
