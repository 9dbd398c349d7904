"""Staff lead an organization through its life, with a reason, and it is written down."""

from __future__ import annotations

from datetime import date

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from shared_apps.accounts.models import User
from shared_apps.console.models import ConsoleAction
from shared_apps.organizations.models import Organization, OrganizationFigures, RefreshSession
from shared_apps.tenancy.models import Tombstone

LIST = "/console/organizations/organization/"


def act(console: Client, organization: Organization, name: str, **given: str) -> int:
    return console.post(f"{LIST}{organization.pk}/act/{name}/", given).status_code


def status_of(organization: Organization) -> str:
    return Organization.objects.get(pk=organization.pk).status


@pytest.mark.parametrize(
    "given", [{}, {"reason": ""}, {"reason": "no"}, {"reason": "x" * 201}, {"reason": "a\x00bcdef"}]
)
def test_a_reason_is_needed(given: dict[str, str], console: Client, acme: Organization) -> None:
    assert act(console, acme, "suspend", **given) == 422
    assert status_of(acme) == "active"
    assert not ConsoleAction.objects.exists()


@pytest.mark.parametrize("typed", ["", "Acme", "globex", "acme-"])
@pytest.mark.parametrize("name", ["archive", "request_deletion"])
def test_what_is_grave_asks_for_the_address(name: str, typed: str, console: Client, acme: Organization) -> None:
    assert act(console, acme, name, reason="they asked for it", typed=typed) == 422
    assert status_of(acme) == "active"


def test_what_its_state_does_not_allow_is_refused(console: Client, acme: Organization) -> None:
    answer = console.post(f"{LIST}{acme.pk}/act/reactivate/", {"reason": "just to see"})
    assert answer.status_code == 422
    assert "it cannot become active" in answer.content.decode()
    assert act(console, acme, "delete_now", reason="just to see", typed="acme") == 422
    assert act(console, acme, "nothing", reason="just to see") == 404
    assert not ConsoleAction.objects.exists()


def test_suspend_and_reactivate(console: Client, acme: Organization, olga: User, alices: Client) -> None:
    assert act(console, acme, "suspend", reason="did not pay for months") == 302
    assert status_of(acme) == "suspended"
    last = acme.transitions.last()
    assert (last.to_status, last.cause, last.by) == ("suspended", "did not pay for months", olga)
    written = ConsoleAction.objects.get()
    assert (written.by, written.action, written.organization) == (olga, "organizations.suspend", acme)
    assert (written.subject_name, written.reason, written.outcome) == (acme.name, "did not pay for months", "suspended")
    assert LogEntry.objects.get().object_id == str(acme.pk)
    assert act(console, acme, "reactivate", reason="has paid by now") == 302
    assert status_of(acme) == "active"


def test_delete_with_days_of_grace_then_for_good(console: Client, acme: Organization) -> None:
    assert act(console, acme, "request_deletion", reason="they asked for it", typed="acme") == 302
    assert status_of(acme) == "deleting"
    answer = console.post(f"{LIST}{acme.pk}/act/delete_now/", {"reason": "they insisted", "typed": "acme"})
    assert answer["Location"] == LIST
    assert not Organization.objects.filter(pk=acme.pk).exists()
    assert Tombstone.objects.filter(slug="acme").exists()
    written = ConsoleAction.objects.latest("at")
    assert (written.subject_name, written.organization, written.outcome) == (acme.name, None, "deleted")


def test_the_list_and_the_page_say_how_large_it_is(console: Client, acme: Organization, alices: Client) -> None:
    figures = {"clients": 1234, "members": 3, "appointments": 56, "storage_bytes": 5 * 1024**2}
    OrganizationFigures.objects.create(organization=acme, day=date(2026, 11, 1), clients=1)
    OrganizationFigures.objects.create(organization=acme, day=date(2026, 11, 2), schema_bytes=1024**2, **figures)
    for path in (LIST, f"{LIST}{acme.pk}/change/"):
        page = console.get(path).content.decode()
        assert "1234 clients · 3 people · 56 visits" in page, path
        assert "6.0\xa0MB" in page, path
    assert RefreshSession.objects.filter(organization=acme).exists()


def test_nothing_is_changed_but_by_an_action(console: Client, acme: Organization) -> None:
    assert console.get(f"{LIST}add/").status_code == 404
    assert console.post(f"{LIST}{acme.pk}/change/", {"name": "Mine now"}).status_code == 403
    assert console.post(f"{LIST}{acme.pk}/delete/", {"post": "yes"}).status_code == 404
    assert Organization.objects.get(pk=acme.pk).name == "Acme Piscinas"


@pytest.mark.parametrize("key", ["0", "x", "0198c0de-0000-7000-8000-000000000000", "_00", "%00", "a%2Fb"])
def test_an_organization_that_is_none(key: str, console: Client) -> None:
    assert console.get(f"{LIST}{key}/change/").status_code in {302, 404}
    assert console.post(f"{LIST}{key}/act/suspend/", {"reason": "just to see"}).status_code == 404


@pytest.mark.parametrize(
    "query", ["q=%00", "q=" + "x" * 3000, "status=nothing", "p=-1", "p=x", "o=99", "created_at__year=x"]
)
def test_a_list_asked_for_nonsense(query: str, console: Client) -> None:
    assert console.get(f"{LIST}?{query}").status_code in {200, 302, 400}
