"""Support access from asking to its end, over the pages of both sides."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from shared_apps.accounts.models import User
from shared_apps.console.models import ConsoleAction
from shared_apps.mail.models import Mail
from shared_apps.organizations import support
from shared_apps.organizations.models import Organization, RefreshSession, SupportGrant, SupportView
from tests.console.conftest import browser_of

REASON = "Their reminders do not go out"


def ask(console: Client, organization: Organization, **given: str) -> Any:
    path = f"/console/organizations/organization/{organization.pk}/act/ask_support/"
    return console.post(path, {"reason": REASON, "hours": "2", **given})


def walk_in(console: Client, organization: Organization) -> Client:
    """By the organization's own sign-in, as everybody comes in: one browser, which keeps each host's cookies apart."""
    host = f"{organization.slug}.localhost"
    there = Client(HTTP_HOST=host)
    to_platform = there.get("/sign-in/")["Location"]
    parts = urlsplit(to_platform)
    back = console.get(f"{parts.path}?{parts.query}")
    if back.status_code == 302 and host in back["Location"]:
        parts = urlsplit(back["Location"])
        there.get(f"{parts.path}?{parts.query}")
    return there


@pytest.mark.parametrize("given", [{"hours": ""}, {"hours": "0"}, {"hours": "25"}, {"hours": "x"}, {"reason": ""}])
def test_what_is_typed_wrong(given: dict[str, str], console: Client, acme: Organization) -> None:
    assert ask(console, acme, **given).status_code == 422
    assert not SupportGrant.objects.exists()


def test_nobody_looks_without_the_owners_leave(console: Client, acme: Organization, olga: User) -> None:
    assert ask(console, acme).status_code == 302
    asked = SupportGrant.objects.get()
    assert (asked.staff, asked.reason, asked.granted_at) == (olga, REASON, None)
    assert walk_in(console, acme).get("/clients/").status_code == 302
    mail = Mail.objects.get(template="organizations/support_access")
    assert (mail.to, mail.context["reason"]) == ("alice@acme.example", REASON)
    assert ConsoleAction.objects.get().action == "organizations.ask_support"


def test_granted_seen_and_ended(console: Client, acme: Organization, alices: Client, olga: User) -> None:
    ask(console, acme)
    asked = SupportGrant.objects.get()
    assert REASON in alices.get("/settings/support/").content.decode()
    assert alices.post(f"/settings/support/{asked.pk}/grant/").status_code == 302
    there = walk_in(console, acme)
    page = there.get("/clients/")
    assert page.status_code == 200
    assert "Support access: you are looking into" in page.content.decode()
    assert there.post("/clients/new/", {"name": "Mine"}).status_code == 403
    assert there.get("/settings/firm/").status_code == 403
    seen = list(SupportView.objects.order_by("at", "id").values_list("method", "path", "was_refused"))
    assert ("GET", "/clients/", False) in seen
    owners = alices.get("/settings/support/").content.decode()
    assert "<code>/clients/</code>" in owners
    alices.post(f"/settings/support/{asked.pk}/end/")
    assert there.get("/clients/").status_code == 302
    assert not RefreshSession.objects.filter(kind="support", revoked_at=None).exists()


def test_it_ends_by_itself(console: Client, acme: Organization, alices: Client) -> None:
    ask(console, acme, hours="1")
    asked = SupportGrant.objects.get()
    alices.post(f"/settings/support/{asked.pk}/grant/")
    asked.refresh_from_db()
    assert asked.expires_at is not None
    assert asked.granted_at is not None
    assert asked.expires_at - asked.granted_at == timedelta(hours=1)
    there = walk_in(console, acme)
    assert there.get("/clients/").status_code == 200
    SupportGrant.objects.update(expires_at=timezone.now())
    assert there.get("/clients/").status_code == 302
    assert there.get("/session/").json()["seconds_left"] == 0


def test_refused_is_refused(console: Client, acme: Organization, alices: Client) -> None:
    ask(console, acme)
    asked = SupportGrant.objects.get()
    alices.post(f"/settings/support/{asked.pk}/refusal/")
    assert alices.post(f"/settings/support/{asked.pk}/grant/").status_code == 409
    assert walk_in(console, acme).get("/clients/").status_code == 302


def test_a_request_that_nobody_answers_lapses(console: Client, acme: Organization, alices: Client) -> None:
    ask(console, acme)
    SupportGrant.objects.update(asked_at=timezone.now() - support.OPEN_FOR)
    asked = SupportGrant.objects.get()
    assert alices.post(f"/settings/support/{asked.pk}/grant/").status_code == 409
    assert ask(console, acme).status_code == 302
    assert SupportGrant.objects.count() == 2


def test_asking_twice_is_refused(console: Client, acme: Organization) -> None:
    assert ask(console, acme).status_code == 302
    assert ask(console, acme).status_code == 422
    assert SupportGrant.objects.count() == 1


def test_emergencies_only_where_the_firm_says_so(console: Client, acme: Organization, alices: Client) -> None:
    assert ask(console, acme, emergency="on").status_code == 422
    assert not SupportGrant.objects.exists()
    alices.post("/settings/support/emergencies/", {"allowed": "on"})
    assert ask(console, acme, emergency="on").status_code == 302
    assert walk_in(console, acme).get("/clients/").status_code == 200
    assert Mail.objects.get(template="organizations/support_access").context["is_emergency"] is True
    alices.post("/settings/support/emergencies/", {})
    SupportGrant.objects.update(ended_at=timezone.now())
    assert ask(console, acme, emergency="on").status_code == 422


def test_only_owners_decide(bobs: Client, carols: Client, console: Client, acme: Organization) -> None:
    ask(console, acme)
    asked = SupportGrant.objects.get()
    assert bobs.post(f"/settings/support/{asked.pk}/grant/").status_code == 403
    assert carols.post(f"/settings/support/{asked.pk}/grant/").status_code == 404
    asked.refresh_from_db()
    assert asked.granted_at is None


def test_signing_out_of_the_platform_ends_it(console: Client, acme: Organization, alices: Client) -> None:
    ask(console, acme)
    alices.post(f"/settings/support/{SupportGrant.objects.get().pk}/grant/")
    there = walk_in(console, acme)
    assert there.get("/clients/").status_code == 200
    console.post("/console/sign-out/")
    assert there.get("/clients/").status_code == 302


def test_leaving_works_though_nothing_else_is_written(console: Client, acme: Organization, alices: Client) -> None:
    ask(console, acme)
    alices.post(f"/settings/support/{SupportGrant.objects.get().pk}/grant/")
    there = walk_in(console, acme)
    assert there.post("/sign-out/").status_code == 302
    assert there.get("/clients/").status_code == 302


def test_the_grant_is_of_the_person_who_asked(console: Client, acme: Organization, alices: Client, dave: User) -> None:
    ask(console, acme)
    alices.post(f"/settings/support/{SupportGrant.objects.get().pk}/grant/")
    User.objects.filter(pk=dave.pk).update(is_staff=True)
    assert walk_in(browser_of(dave), acme).get("/clients/").status_code == 302


def test_staff_without_a_second_step_do_not_look(
    console: Client, acme: Organization, alices: Client, olga: User
) -> None:
    from allauth.mfa.models import Authenticator

    ask(console, acme)
    alices.post(f"/settings/support/{SupportGrant.objects.get().pk}/grant/")
    Authenticator.objects.filter(user=olga).delete()
    assert walk_in(console, acme).get("/clients/").status_code == 302


def test_it_can_be_ended_from_the_console(console: Client, acme: Organization, alices: Client) -> None:
    ask(console, acme)
    asked = SupportGrant.objects.get()
    alices.post(f"/settings/support/{asked.pk}/grant/")
    there = walk_in(console, acme)
    assert there.get("/clients/").status_code == 200
    page = f"/console/organizations/supportgrant/{asked.pk}/"
    assert "/sign-in/" in console.get(f"{page}change/").content.decode()
    assert console.post(f"{page}act/end/", {"reason": "seen enough"}).status_code == 302
    assert there.get("/clients/").status_code == 302
