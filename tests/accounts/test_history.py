"""Where and when somebody signed in, and what is a new device."""

from __future__ import annotations

from datetime import timedelta

from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from shared_apps.accounts import devices, history
from shared_apps.accounts.models import KnownDevice, PlatformSession, SignIn, User
from shared_apps.mail.models import Mail
from shared_apps.organizations.models import Organization
from tests.cast import PASSWORD
from tests.organizations.browsing import Browser, sign_in

ANDROID = "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML) Chrome/126.0.0.0 Mobile Safari/537.36"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"


def told() -> list[str]:
    """Who was written to about a new device, in order."""
    return list(Mail.objects.filter(template="accounts/new_device").order_by("created_at").values_list("to", flat=True))


def on_platform(agent: str = FIREFOX, email: str = "alice@acme.example", client: Client | None = None) -> Client:
    client = client or Client(HTTP_HOST="localhost", HTTP_USER_AGENT=agent)
    answer = client.post("/sign-in/", {"login": email, "password": PASSWORD})
    assert answer.status_code == 302, answer.content
    return client


def test_a_sign_in_on_the_platform_is_written_down(cast: object, alice: User) -> None:
    on_platform(ANDROID)
    done = SignIn.objects.get(user=alice)
    assert (done.method, done.device, done.address) == ("password", "Chrome Mobile, Android", "127.0.0.1")
    assert not done.is_new_device  # the first of all
    assert PlatformSession.objects.get().device == "Chrome Mobile, Android"


def test_another_browser_is_news_and_the_same_one_is_not(cast: object, alice: User) -> None:
    first = on_platform()
    first.post("/sign-out/")
    assert not PlatformSession.objects.exists()
    on_platform(client=first)
    assert told() == []
    on_platform(ANDROID)
    assert told() == [alice.email]
    said = Mail.objects.get(template="accounts/new_device").context
    assert (said["device"], said["address"]) == ("Chrome Mobile, Android", "127.0.0.1")
    assert said["link"].endswith("/account/places/")
    on_platform(FIREFOX)  # the same make, but not the same browser: it has no name yet
    assert told() == [alice.email, alice.email]


def test_a_forged_name_is_no_name(cast: object, alice: User) -> None:
    client = on_platform()
    other = Client(HTTP_HOST="localhost", HTTP_USER_AGENT=FIREFOX)
    other.cookies["colmeia_device"] = client.cookies["colmeia_device"].value + "x"
    on_platform(client=other)
    assert told() == [alice.email]
    assert other.cookies["colmeia_device"].value != client.cookies["colmeia_device"].value


def test_the_api_writes_it_down_too(browser: Browser, acme: Organization, alice: User) -> None:
    phone = {"HTTP_USER_AGENT": ANDROID, "HTTP_X_DEVICE_ID": "4f1c-77aa-phone"}
    for headers in (phone, phone, {**phone, "HTTP_X_DEVICE_ID": "4f1c-77aa-tablet"}):
        assert sign_in(browser(acme), alice.email, **headers).status_code == 200
    assert told() == [alice.email]
    assert set(SignIn.objects.values_list("organization_id", flat=True)) == {acme.pk}


def test_what_a_device_says_of_itself_cannot_do_harm(browser: Browser, acme: Organization, alice: User) -> None:
    for agent, name in (("", ""), ("\x01<script>" * 400, "'; --"), ("ü" * 900, "x" * 900)):
        answer = sign_in(browser(acme), alice.email, HTTP_USER_AGENT=agent, HTTP_X_DEVICE_ID=name)
        assert answer.status_code == 200
    assert "alice" not in str(KnownDevice.objects.values())


def test_history_is_kept_as_long_as_promised(alice: User, settings: Settings) -> None:
    settings.SIGN_IN_HISTORY_DAYS = 30
    now = timezone.now()
    for _ in range(2):
        history.record(alice, SignIn.Method.PASSWORD, devices.Device("Firefox, Linux", "10.0.0.1", "x" * 64))
    SignIn.objects.filter(pk=SignIn.objects.first().pk).update(at=now - timedelta(days=31))  # type: ignore[union-attr]
    assert history.purge(now) == 1
    assert len(history.recent(alice.pk, limit=10)) == 1
