"""The link in a client's message."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.test import Client as Browser

from shared_apps.accounts.models import User
from shared_apps.organizations.models import Organization
from shared_apps.tenancy import context
from tenant_apps.clients.models import Client
from tenant_apps.notifications import consents, services
from tenant_apps.notifications.models import Channel

Pages = Callable[[User | None, Organization], Browser]


def test_no_more_and_yes_again(rosa: Client, pages: Pages, acme: Organization) -> None:
    path, browser = consents.path(rosa.pk, Channel.EMAIL), pages(None, acme)
    assert "Send me no more" in browser.get(path).content.decode()
    assert services.consent_of(rosa.pk, Channel.EMAIL)  # looking changes nothing
    assert "no longer writes" in browser.post(path, {"wanted": "no"}).content.decode()
    assert not services.consent_of(rosa.pk, Channel.EMAIL)
    browser.post(path, {"wanted": "yes"})
    assert services.consent_of(rosa.pk, Channel.EMAIL)


def test_a_mail_program_says_no_with_one_post(rosa: Client, pages: Pages, acme: Organization, settings: Any) -> None:
    path, program = consents.one_click_path(rosa.pk, Channel.EMAIL), Browser(enforce_csrf_checks=True)
    program.defaults["HTTP_HOST"] = f"{acme.slug}.{settings.PLATFORM_DOMAIN}"
    asked = program.get(path)
    assert asked["Location"] == path.replace("/unsubscribe/", "/consent/")
    assert services.consent_of(rosa.pk, Channel.EMAIL)  # mail scanners follow links
    for _again in range(2):
        said = program.post(path, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded")
        assert (said.status_code, said.cookies) == (204, {})
        assert not services.consent_of(rosa.pk, Channel.EMAIL)


def test_one_click_means_nothing_elsewhere(
    rosa: Client, pages: Pages, globex: Organization, acme: Organization
) -> None:
    path = consents.one_click_path(rosa.pk, Channel.EMAIL)
    assert pages(None, globex).post(path).status_code == 404
    assert pages(None, acme).post("/notifications/unsubscribe/x/").status_code == 404
    assert services.consent_of(rosa.pk, Channel.EMAIL)


def test_a_link_means_nothing_elsewhere(rosa: Client, pages: Pages, acme: Organization, globex: Organization) -> None:
    path = consents.path(rosa.pk, Channel.EMAIL)
    assert pages(None, globex).post(path, {"wanted": "no"}).status_code == 404
    for wrong in ("/notifications/consent/x/", path[:-4] + "/", "/notifications/consent/%00/"):
        assert pages(None, acme).get(wrong).status_code == 404
    with context.enter(globex.schema_name):
        assert consents.read(path.split("/")[3]) is None
