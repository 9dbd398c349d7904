"""Mail: asked for in a transaction, sent by a task, tried again, and nobody's but the one it is for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.core import mail as outbox
from django.core.exceptions import ValidationError
from django.utils import timezone
from pytest_django import Settings

from shared_apps.core.ids import uuid7
from shared_apps.mail import services
from shared_apps.mail.models import Mail
from shared_apps.mail.rendering import render
from shared_apps.organizations.models import Organization
from shared_apps.tenancy import context
from shared_apps.tenancy.models import PendingJob
from tests.mail.smtp import MailServer, mail_server

INVITATION = {
    "inviter": "Alice",
    "firm": "Acme Piscinas",
    "role": "staff",
    "link": "https://colmeia.example/invitations/s3cret/",
    "until": "2 December",
}
ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted(
    f"{path.parent.name}/{path.stem}"
    for storey in ("shared_apps", "tenant_apps")
    for path in (ROOT / storey).glob("*/templates/mail/*/*.html")
)


@pytest.fixture
def now() -> datetime:
    """A moment after whatever the test asks to be sent."""
    return timezone.now() + timedelta(seconds=5)


@pytest.fixture
def server(settings: Settings) -> Iterator[MailServer]:
    with mail_server() as running:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", running.port
        yield running


def invite(to: str = "new@acme.example", organization: Organization | None = None) -> Mail:
    return services.send("organizations/invitation", to=to, locale="en", organization=organization, context=INVITATION)


@pytest.mark.django_db
def test_asked_for_in_the_transaction_and_promised(acme: Organization) -> None:
    with context.enter(acme.schema_name):
        mail = invite(organization=acme)
    assert (mail.status, mail.organization_id, mail.sender_name) == ("pending", acme.pk, "Acme Piscinas")
    promise = PendingJob.objects.get(name="mail.deliver")
    assert (promise.arguments, promise.schema_name) == ({"mail_id": str(mail.pk)}, "public")
    assert outbox.outbox == []


@pytest.mark.django_db
def test_goes_out_once_in_the_firms_name_and_forgets_the_link(acme: Organization, now: datetime) -> None:
    acme.email = "office@acme.example"
    mail = invite(organization=acme)
    assert services.deliver(mail.pk, now=now)
    assert not services.deliver(mail.pk, now=now)
    (sent,) = outbox.outbox
    assert sent.from_email == "Acme Piscinas via Colmeia <no-reply@localhost>"
    assert (sent.to, sent.reply_to) == (["new@acme.example"], ["office@acme.example"])
    assert sent.subject == "Alice invites you to Acme Piscinas"
    assert INVITATION["link"] in sent.body
    assert INVITATION["link"] in sent.alternatives[0][0]
    assert sent.extra_headers["Message-ID"] == f"<{mail.pk}@localhost>"
    mail.refresh_from_db()
    assert (mail.status, mail.context, mail.subject) == ("sent", {}, "Alice invites you to Acme Piscinas")


@pytest.mark.django_db
def test_a_server_that_is_away_costs_time_only(server: MailServer, settings: Settings, now: datetime) -> None:
    mail = invite()
    settings.EMAIL_PORT = 1  # nobody listens there
    assert not services.deliver(mail.pk, now=now)
    mail.refresh_from_db()
    assert (mail.status, mail.attempts) == ("pending", 1)
    assert services.due(now) == []
    settings.EMAIL_PORT = server.port
    later = now + timedelta(minutes=1)
    assert services.due(later) == [mail.pk]
    assert services.deliver(mail.pk, now=later)
    assert [message["To"] for message in server.mails] == ["new@acme.example"]


@pytest.mark.django_db
def test_a_worker_that_died_is_followed_by_another(now: datetime) -> None:
    mail = invite()
    Mail.objects.update(status="sending", claimed_at=now - timedelta(minutes=11))
    assert services.due(now) == [mail.pk]
    assert services.deliver(mail.pk, now=now)
    Mail.objects.update(status="sending", claimed_at=now)
    assert not services.deliver(mail.pk, now=now)


@pytest.mark.django_db
@pytest.mark.parametrize(("answer", "status"), [(b"550 no such user", "failed"), (b"451 try later", "pending")])
def test_what_the_server_says_is_believed(server: MailServer, now: datetime, answer: bytes, status: str) -> None:
    server.recipient_answer = answer
    mail = invite()
    services.deliver(mail.pk, now=now)
    mail.refresh_from_db()
    assert mail.status == status
    assert bool(mail.context) == (status == "pending")


@pytest.mark.django_db
def test_tries_end(settings: Settings, now: datetime) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    mail = invite()
    for _try in range(services.TRIES):
        Mail.objects.update(next_try_at=now)
        services.deliver(mail.pk, now=now)
    mail.refresh_from_db()
    assert (mail.status, mail.attempts, mail.context) == ("failed", services.TRIES, {})


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["Acme\r\nBcc: all@evil.example", "\u202eAcme", '"<a@b.example>'])
def test_a_firms_name_is_no_header(server: MailServer, acme: Organization, now: datetime, name: str) -> None:
    acme.name = name
    mail = services.send("organizations/invitation", to="new@acme.example", locale="en", organization=acme,
                         context={**INVITATION, "firm": name})  # fmt: skip
    assert services.deliver(mail.pk, now=now)
    (sent,) = server.mails
    assert sent["Bcc"] is None
    assert sent["From"].addresses[0].addr_spec == "no-reply@localhost"
    assert sent["To"] == "new@acme.example"


def test_html_in_names_is_text() -> None:
    rendered = render("organizations/invitation", locale="en", context={**INVITATION, "firm": "<b>&Co</b>"})
    assert "<b>&Co</b>" in rendered.text
    assert "&lt;b&gt;&amp;Co&lt;/b&gt;" in rendered.html
    assert "&" in rendered.subject
    assert "&amp;" not in rendered.subject


@pytest.mark.parametrize("name", TEMPLATES)
@pytest.mark.parametrize("locale", ["pt-br", "en"])
def test_every_mail_has_its_three_parts(name: str, locale: str) -> None:
    given = {
        **INVITATION,
        "subject": "Something",
        "text": "Something happened.",
        "device": "Firefox",
        "domain": "a.example",
    }
    rendered = render(name, locale=locale, context=given)
    assert rendered.subject
    assert len(rendered.text.splitlines()) > 2
    assert f'<html lang="{locale}">' in rendered.html


@pytest.mark.django_db
def test_an_address_that_is_none_is_refused_at_once() -> None:
    with pytest.raises(ValidationError):
        invite(to="nobody\nBcc: x@y.example")


@pytest.mark.django_db
def test_old_ones_are_forgotten(now: datetime) -> None:
    mail = invite()
    Mail.objects.filter(pk=mail.pk).update(created_at=now - timedelta(days=91))
    kept = invite()
    assert services.purge(now) == 1
    assert list(Mail.objects.values_list("pk", flat=True)) == [kept.pk]


@pytest.mark.django_db
def test_a_mail_that_is_gone_is_no_error(now: datetime) -> None:
    assert not services.deliver(uuid7(), now=now)
