"""The link in a client's message."""

from __future__ import annotations

from collections.abc import Callable

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


def test_a_link_means_nothing_elsewhere(rosa: Client, pages: Pages, acme: Organization, globex: Organization) -> None:
    path = consents.path(rosa.pk, Channel.EMAIL)
    assert pages(None, globex).post(path, {"wanted": "no"}).status_code == 404
    for wrong in ("/notifications/consent/x/", path[:-4] + "/", "/notifications/consent/%00/"):
        assert pages(None, acme).get(wrong).status_code == 404
    with context.enter(globex.schema_name):
        assert consents.read(path.split("/")[3]) is None
