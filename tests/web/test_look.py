"""The look: what templates may hold, and what a refusal becomes on a page."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.utils.translation import gettext_lazy as _

from shared_apps.core.errors import DomainError, FieldError
from shared_apps.web import errors
from shared_apps.web.forms import Form, TextField
from shared_apps.web.templatetags import web
from shared_apps.web.toasts import ToastMiddleware, toast

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted(
    path for storey in ("shared_apps", "tenant_apps", "billing") for path in (ROOT / storey).rglob("*.html")
)
INLINE = {
    "script": re.compile(r"<script(?![^>]*\bsrc=)[^>]*>"),
    "handler": re.compile(r"\son[a-z]+\s*="),
    "style": re.compile(r"\sstyle\s*="),
    "sheet": re.compile(r"<style[\s>]"),
    "elsewhere": re.compile(r"""<(?!a\s)[a-z]+\s[^>]*(?:src|href)=["'](?:https?:)?//"""),  # a link may lead anywhere
}
TAG = re.compile(r"\{[%{#].*?[%}#]\}", re.DOTALL)
# Mail readers load no style sheet; the sandbox is a server of its own, for development, which serves no files.
MAY_BE_STYLED = ("/templates/mail/", "/templates/sandbox/")


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_templates_hold_nothing_that_the_policy_refuses(path: Path) -> None:
    allowed = {"style", "sheet"} if any(part in str(path) for part in MAY_BE_STYLED) else set()
    html = TAG.sub("", path.read_text())  # {% with one=two %} is no handler
    found = {name for name, pattern in INLINE.items() if pattern.search(html)}
    assert found - allowed == set()


def test_every_answer_has_a_strict_policy(client: Client) -> None:
    policy = client.get("/nothing-here/", headers={"host": "localhost"})["Content-Security-Policy"]
    assert re.search(r"script-src 'self'(;|$)", policy)
    assert "unsafe" not in policy


def test_what_is_not_there_is_a_page_in_the_look(client: Client) -> None:
    answer = client.get("/nothing-here/", headers={"host": "localhost", "accept-language": "en"})
    assert answer.status_code == 404
    assert "There is nothing here" in answer.content.decode()
    assert "web/dist/app.css" in answer.content.decode()


class Closed(DomainError):
    status = 409
    message = _("The shop is <closed>.")


def asked(**headers: str) -> HttpRequest:
    request = RequestFactory(headers=headers).get("/somewhere/?a=1")
    request._messages = CookieStorage(request)
    return request


def test_a_refusal_is_a_page_with_its_words_escaped() -> None:
    answer = errors.page_of(asked(), Closed())
    assert answer.status_code == 409
    assert "The shop is &lt;closed&gt;." in answer.content.decode()


def test_a_refusal_is_a_toast_when_htmx_asked() -> None:
    answer = errors.page_of(asked(HX_REQUEST="true"), Closed())
    assert (answer.status_code, answer["HX-Reswap"]) == (409, "none")
    assert json.loads(answer["HX-Trigger"])["toast"] == {"text": "The shop is <closed>.", "tone": "danger"}


class NotSignedIn(DomainError):
    status = 401
    message = _("Sign in.")


def test_who_is_not_signed_in_is_led_to_the_sign_in_and_back() -> None:
    assert errors.page_of(asked(), NotSignedIn())["Location"] == "/sign-in/?next=%2Fsomewhere%2F%3Fa%3D1"
    answer = errors.page_of(asked(HX_REQUEST="true"), NotSignedIn())
    assert (answer.status_code, answer["HX-Redirect"]) == (204, "/sign-in/")


def test_a_toast_reaches_htmx_in_the_header_and_others_on_the_next_page() -> None:
    def view(request: HttpRequest) -> HttpResponse:
        toast(request, "Client archived.", undo_url="/undo/")
        return HttpResponse()

    request = asked(HX_REQUEST="true")
    told = json.loads(ToastMiddleware(view)(request)["HX-Trigger"])["toast"]
    assert (told["text"], told["undo_url"], told["tone"]) == ("Client archived.", "/undo/", "success")
    request = asked()
    assert not ToastMiddleware(view)(request).has_header("HX-Trigger")
    assert len(request._messages._queued_messages) == 1


class PetForm(Form):
    name = TextField(limit=10, label="Name")
    custom_age = TextField(limit=3, label="Age", required=False)


def test_a_form_shows_what_a_rule_says_of_its_fields() -> None:
    form = PetForm({"name": "Rex"})
    assert form.is_valid()

    def taken() -> None:
        raise FieldError("name", "Taken.")

    def wrong() -> None:
        raise DomainError(errors=[{"field": "custom.age", "message": "Too old."}])

    assert form.attempt(taken) is None
    assert form.attempt(wrong) is None
    assert form.errors == {"name": ["Taken."], "custom_age": ["Too old."]}


def test_a_form_passes_on_what_is_not_about_its_fields() -> None:
    form = PetForm({"name": "Rex"})

    def elsewhere() -> None:
        raise FieldError("slug", "Taken.")

    with pytest.raises(FieldError):
        form.attempt(elsewhere)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (web.initials("Maria da Silva"), "MS"),
        (web.initials("bob@acme.example"), "B"),
        (web.initials(""), "?"),
    ],
)
def test_how_things_are_written(written: str, expected: str) -> None:
    assert written == expected
