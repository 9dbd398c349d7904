"""One's own notifications, over the API."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from rest_framework.test import APIClient

from shared_apps.accounts.models import User
from shared_apps.organizations.models import Organization
from tenant_apps.clients.models import Client
from tenant_apps.notifications import services
from tenant_apps.notifications.models import Notification
from tenant_apps.notifications.services import Recipient
from tenant_apps.team.models import Member

Api = Callable[[User | None, Organization], APIClient]
LIST, PREFERENCES = "/api/v1/notifications/", "/api/v1/notification-preferences/"


@pytest.fixture
def told(rosa: Client, member: Member) -> Notification:
    day = datetime.now(UTC).date()
    to = [Recipient.member(member)]
    services.notify("appointment.created", subject=rosa, day=day, to=to, values={"client_name": "Rosa", "place": ""})
    return Notification.objects.get()


def test_list_read_and_count(told: Notification, api: Api, acme: Organization, bob: User) -> None:
    client = api(bob, acme)
    (found,) = client.get(f"{LIST}?unread=true").json()["results"]
    assert (found["title"], found["read_at"]) == ("New visit: Rosa", None)
    assert client.get(f"{LIST}unread-count/").json() == {"count": 1}
    assert client.post(f"{LIST}{told.pk}/read/").status_code == 204
    assert client.get(f"{LIST}?unread=true").json()["results"] == []
    assert client.post(f"{LIST}read-all/").json() == {"marked": 0}


def test_one_s_own_only(
    told: Notification, api: Api, acme: Organization, globex: Organization, alice: User, carol: User
) -> None:
    assert api(alice, acme).get(LIST).json()["results"] == []
    assert api(alice, acme).post(f"{LIST}{told.pk}/read/").status_code == 404
    assert api(carol, globex).post(f"{LIST}{told.pk}/read/").status_code == 404
    assert api(None, acme).get(LIST).status_code == 401


@pytest.mark.parametrize("query", ["unread=maybe", "unred=true", "page=0", "page_size=1000"])
def test_misspelt_parameters_are_refused(query: str, api: Api, acme: Organization, bob: User) -> None:
    assert api(bob, acme).get(f"{LIST}?{query}").status_code in {400, 404, 422}


def test_preferences(api: Api, acme: Organization, globex: Organization, bob: User) -> None:
    client = api(bob, acme)
    before = client.get(PREFERENCES).json()["preferences"]
    change = {"event": "appointment.reminder", "channel": "email", "wanted": True}
    after = client.put(PREFERENCES, {"preferences": [change]}, format="json").json()["preferences"]
    assert [one for one in after if one not in before] == [change]
    for wrong in ({"event": "x"}, {"channel": "sms"}, {"wanted": "perhaps"}):
        answer = client.put(PREFERENCES, {"preferences": [change | wrong]}, format="json")
        assert answer.status_code == 422, answer.content
    assert api(None, acme).get(PREFERENCES).status_code == 401
