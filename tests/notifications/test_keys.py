"""Keys of one's own for WhatsApp and SMS: of one organization, tried, and never shown again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs

import pytest
from django.test import Client as Browser
from django.utils import timezone

from shared_apps.accounts.models import User
from shared_apps.core.errors import FieldError, NotThere
from shared_apps.organizations.models import Organization
from shared_apps.tenancy import context
from shared_apps.tenancy.models import PendingJob
from tenant_apps.activity.models import Activity
from tenant_apps.clients.models import Client
from tenant_apps.notifications import channels, services
from tenant_apps.notifications.channels.base import Keys
from tenant_apps.notifications.models import Channel, ChannelAccount, Notification
from tenant_apps.notifications.services import Recipient
from tests.notifications.provider import Provider, provider
from tests.notifications.test_channels import NOW, told

Pages = Callable[[User | None, Organization], Browser]
OWN = {"account": "AC" + "0" * 32, "sender": "+15005550001", "secret": "a1" * 16}
THEIRS = {"account": "AC" + "1" * 32, "sender": "+15005550002", "secret": "b2" * 16}
META = {"sender": "123456789", "secret": "EAAG" + "x" * 40}
PLATFORM = "AC" + "f" * 32


@pytest.fixture
def twilio(settings: Any) -> Iterator[Provider]:
    """With keys of the platform."""
    with provider() as known:
        known.answer = {"sid": "SM1", "status": "active", "friendly_name": "Acme"}
        settings.TWILIO_API_URL, settings.TWILIO_ACCOUNT_SID = known.address, PLATFORM
        settings.TWILIO_AUTH_TOKEN, settings.TWILIO_FROM = "f" * 32, "+15005550006"
        settings.NOTIFICATIONS_CONSOLE = False
        yield known


def save(**given: str) -> ChannelAccount:
    return services.save_keys(Channel.SMS, actor=None, **(OWN | given))


def sent_by(known: Provider) -> list[tuple[str, str]]:
    """Account and number of what was sent."""
    return [
        (path.split("/")[3], parse_qs(body)["From"][0]) for path, body in known.taken if path.endswith("/Messages.json")
    ]


def test_messages_go_out_with_one_s_own_keys(rosa: Client, to_rosa: Recipient, twilio: Provider) -> None:
    save()
    row = told(rosa, to_rosa, Channel.SMS)
    assert services.deliver([row.pk], now=NOW) == {"sent": 1}
    assert sent_by(twilio) == [(OWN["account"], OWN["sender"])]


def test_without_them_with_the_platform_s_where_it_allows(
    rosa: Client, to_rosa: Recipient, twilio: Provider, settings: Any
) -> None:
    assert services.deliver([told(rosa, to_rosa, Channel.SMS).pk], now=NOW) == {"sent": 1}
    assert sent_by(twilio) == [(PLATFORM, "+15005550006")]
    settings.NOTIFICATIONS_PLATFORM_KEYS = False
    assert Channel.SMS not in channels.ready(services.own_keys())
    assert {Channel.APP, Channel.EMAIL} <= channels.ready(services.own_keys())


def test_refused_keys_are_not_replaced_by_the_platform_s(rosa: Client, to_rosa: Recipient, twilio: Provider) -> None:
    row = told(rosa, to_rosa, Channel.SMS)
    save()
    ChannelAccount.objects.update(state="refused")
    assert services.deliver([row.pk], now=NOW) == {"failed": 1}
    assert sent_by(twilio) == []
    services.drop_keys(Channel.SMS, actor=None)
    assert Channel.SMS in channels.ready(services.own_keys())


def test_a_key_serves_nobody_else(
    rosa: Client, to_rosa: Recipient, twilio: Provider, globex: Organization, settings: Any
) -> None:
    kept, row = save(), told(rosa, to_rosa, Channel.SMS)
    with context.enter(globex.schema_name):
        assert services.own_keys() == {}
        services.save_keys(Channel.SMS, actor=None, **THEIRS)
        assert services.own_keys() == {Channel.SMS: Keys(**THEIRS)}
        # A row that came over from another schema opens nothing there.
        ChannelAccount.objects.update(secret=kept.secret)
        assert services.own_keys() == {Channel.SMS: None}
    services.deliver([row.pk], now=NOW)
    assert sent_by(twilio) == [(OWN["account"], OWN["sender"])]


@pytest.mark.parametrize(
    ("status", "answer", "state"),
    [
        (200, {"status": "active", "friendly_name": "Acme"}, "ready"),
        (200, {"status": "suspended"}, "refused"),
        (200, ["?"], "refused"),
        (401, {"message": f"{OWN['secret']} is no key"}, "refused"),
        (503, {}, "unsure"),
    ],
)
def test_trying_says_what_the_provider_thinks(
    status: int, answer: Any, state: str, twilio: Provider, rosa: Client
) -> None:
    kept, twilio.status, twilio.answer = save(), status, answer
    assert PendingJob.objects.filter(name="notifications.check_keys").count() == 1
    services.check_keys(kept.pk, now=timezone.now())
    kept.refresh_from_db()
    assert (kept.state, kept.checked_at is None) == (state, False)
    assert OWN["secret"] not in kept.problem
    assert [path for path, _body in twilio.taken] == [f"/2010-04-01/Accounts/{OWN['account']}.json"]
    assert kept.known_as == ("Acme" if state == "ready" else "")


def test_whatsapp_is_asked_for_its_number(settings: Any, inside: object) -> None:
    with provider() as meta:
        settings.WHATSAPP_API_URL = meta.address
        meta.answer = {"verified_name": "Acme Piscinas", "display_phone_number": "+55 11 98765-4321"}
        kept = services.save_keys(Channel.WHATSAPP, actor=None, **META)
        services.check_keys(kept.pk, now=timezone.now())
        assert meta.taken[0][0].startswith("/123456789?fields=")
    kept.refresh_from_db()
    assert (kept.state, kept.known_as) == ("ready", "Acme Piscinas · +55 11 98765-4321")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("account", "AC123"),
        ("account", "AC" + "0" * 31 + "/"),
        ("account", ""),
        ("sender", "../../x"),
        ("sender", "11987654321"),
        ("secret", "short"),
        ("secret", "a1" * 15 + "\n1"),
    ],
)
def test_what_cannot_be_right_is_refused_by_name(field: str, value: str, inside: object) -> None:
    with pytest.raises(FieldError) as refused:
        save(**{field: value})
    assert refused.value.field == field
    assert not ChannelAccount.objects.exists()


def test_only_channels_that_take_keys(inside: object) -> None:
    for channel in (Channel.APP, Channel.EMAIL):
        with pytest.raises(NotThere):
            services.save_keys(channel, actor=None, **META)


def test_on_the_page(pages: Pages, acme: Organization, alice: User, bob: User, twilio: Provider, rosa: Client) -> None:
    hers = pages(alice, acme)
    assert "by Colmeia" in hers.get("/settings/channels/").content.decode()
    refused = hers.post("/settings/channels/sms/", OWN | {"sender": "x"})
    assert refused.status_code == 422
    assert OWN["secret"] not in refused.content.decode()
    assert hers.post("/settings/channels/sms/", OWN).status_code == 302
    page = hers.get("/settings/channels/").content.decode()
    assert OWN["secret"][-4:] in page
    assert OWN["sender"] in page
    kept = ChannelAccount.objects.get()
    assert OWN["secret"] not in page + kept.secret + str(list(Activity.objects.values_list("after", "before")))
    assert not hers.get("/settings/channels/sms/state/").has_header("HX-Refresh")
    services.check_keys(kept.pk, now=timezone.now())
    assert hers.get("/settings/channels/sms/state/")["HX-Refresh"] == "true"
    assert "Acme" in hers.get("/settings/channels/").content.decode()
    assert hers.post("/settings/channels/sms/check/").status_code == 302
    assert ChannelAccount.objects.get().state == "checking"
    assert hers.post("/settings/channels/sms/removal/").status_code == 302
    assert not ChannelAccount.objects.exists()
    assert hers.post("/settings/channels/sms/removal/").status_code == 404
    assert hers.post("/settings/channels/email/", META).status_code == 404
    assert pages(bob, acme).get("/settings/channels/").status_code == 403
    assert not Notification.objects.exists()
