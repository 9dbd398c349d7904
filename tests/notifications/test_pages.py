"""The bell, what a member chooses, and the organization's own words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.test import Client as Browser

from shared_apps.accounts.models import User
from shared_apps.organizations.models import Organization
from shared_apps.tenancy import context
from tenant_apps.clients.models import Client
from tenant_apps.notifications import services
from tenant_apps.notifications.models import Channel, Notification, Preference, Template
from tenant_apps.notifications.services import Recipient
from tenant_apps.team.models import Member

Pages = Callable[[User | None, Organization], Browser]
WORDING = "/settings/notifications/appointment.reminder/email/en/"


@pytest.fixture
def told(rosa: Client, member: Member) -> Notification:
    values = {"client_name": "<b>Rosa</b>", "time": "09:00"}
    day = datetime.now(UTC).date()
    services.notify(
        "appointment.reminder", subject=rosa, day=day, to=[Recipient.member(member)], values=values, url="/team/"
    )
    return Notification.objects.get()


def test_the_bell_counts_and_shows(
    told: Notification, pages: Pages, acme: Organization, bob: User, alice: User
) -> None:
    browser = pages(bob, acme)
    assert "1 unread" in browser.get("/notifications/bell/").content.decode()
    shown = browser.get("/notifications/latest/").content.decode()
    assert "Tomorrow: &lt;b&gt;Rosa&lt;/b&gt;" in shown
    assert "unread" not in pages(alice, acme).get("/notifications/bell/").content.decode()
    assert 'hx-get="/notifications/bell/"' in browser.get("/notifications/").content.decode()


def test_opening_one_reads_it_and_leads_on(told: Notification, pages: Pages, acme: Organization, bob: User) -> None:
    answer = pages(bob, acme).post(f"/notifications/{told.pk}/read/")
    assert (answer.status_code, answer["Location"]) == (302, "/team/")
    told.refresh_from_db()
    assert told.read_at is not None


def test_others_messages_are_not_there(told: Notification, pages: Pages, acme: Organization, alice: User) -> None:
    assert pages(alice, acme).post(f"/notifications/{told.pk}/read/").status_code == 404
    pages(alice, acme).post("/notifications/read/")
    told.refresh_from_db()
    assert told.read_at is None


def test_it_leads_nowhere_else(told: Notification, pages: Pages, acme: Organization, bob: User) -> None:
    for wrong in ("//evil.example/", "https://evil.example/", "javascript:alert(1)"):
        Notification.objects.update(url=wrong)
        assert pages(bob, acme).post(f"/notifications/{told.pk}/read/")["Location"] == "/notifications/"


def test_a_member_chooses(member: Member, pages: Pages, acme: Organization, bob: User) -> None:
    browser = pages(bob, acme)
    assert "Reminder the day before a visit" in browser.get("/notifications/preferences/").content.decode()
    browser.post("/notifications/preferences/", {"wanted": ["appointment.reminder email", "nonsense", "x y z"]})
    wanted = services.wanted_by(member)
    assert {key for key, answer in wanted.items() if answer} == {("appointment.reminder", Channel.EMAIL)}


def test_own_words_are_used_and_dropped_again(
    inside: object, pages: Pages, acme: Organization, alice: User, to_rosa: Recipient, rosa: Client
) -> None:
    browser = pages(alice, acme)
    assert "Hello {{ name }}" in browser.get(WORDING).content.decode()
    answer = browser.post(
        WORDING, {"subject": "Tomorrow, {{ name }}!", "body": "At {{ time }}. <script>", "provider_name": ""}
    )
    assert answer.status_code == 302
    assert Template.objects.get().subject == "Tomorrow, {{ name }}!"
    assert "your words" in browser.get("/settings/notifications/").content.decode()
    assert browser.post(f"{WORDING}removal/").status_code == 302
    assert not Template.objects.exists()


@pytest.mark.parametrize(
    ("subject", "body", "said"),
    [
        ("x", "{{ clientname }}", "Unknown: clientname. You can use: {{ name }}"),
        ("{{ name.__class__ }}", "x", "Unknown: name.__class__"),
        ("x", "", "Write what the message says."),
        ("", "x", "Give the e-mail a subject."),
        ("x" * 160, "x", "At most 150 characters."),
    ],
)
def test_wrong_words_are_named(
    subject: str, body: str, said: str, inside: object, pages: Pages, acme: Organization, alice: User
) -> None:
    answer = pages(alice, acme).post(WORDING, {"subject": subject, "body": body})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Template.objects.exists()


def test_the_preview_keeps_nothing(inside: object, pages: Pages, acme: Organization, alice: User) -> None:
    answer = pages(alice, acme).post(f"{WORDING}preview/", {"subject": "Hi {{ name }}", "body": "{{ x }}<b>\x00"})
    text = answer.content.decode()
    assert "Hi Rosa Lima" in text
    assert "&lt;b&gt;" in text
    assert "Unknown" in text
    assert not Template.objects.exists()


@pytest.mark.parametrize(
    "path", ["x/email/en/", "appointment.reminder/app/en/", "appointment.reminder/email/xx/", "report.sent/email/en/"]
)
def test_what_is_not_there(path: str, pages: Pages, acme: Organization, alice: User) -> None:
    assert pages(alice, acme).get(f"/settings/notifications/{path}").status_code == 404


def test_staff_changes_no_words(pages: Pages, acme: Organization, bob: User) -> None:
    assert pages(bob, acme).get("/settings/notifications/").status_code == 403
    assert pages(bob, acme).post(WORDING, {"subject": "x", "body": "x"}).status_code == 403


def test_a_client_s_word_is_entered_on_their_page(
    rosa: Client, pages: Pages, acme: Organization, globex: Organization, bob: User, carol: User
) -> None:
    path = f"/clients/{rosa.pk}/messages/"
    assert "Client agreed" in pages(bob, acme).get(path).content.decode()
    assert pages(bob, acme).post(path, {"channel": "whatsapp", "wanted": "yes"}).status_code == 200
    found = Preference.objects.get()
    assert (found.channel, found.wanted, str(found.by)) == ("whatsapp", True, "Bob")
    assert pages(bob, acme).post(path, {"channel": "pigeon", "wanted": "yes"}).status_code == 404
    assert pages(carol, globex).post(path, {"channel": "sms", "wanted": "yes"}).status_code == 404
    with context.enter(globex.schema_name):
        assert not Preference.objects.exists()
