"""Somebody of the platform's staff whom an owner lets look: every page that reads answers, and nothing can be changed.

Swept over every address of an organization, as the others' attempts are.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponse
from django.utils import timezone
from rest_framework.test import APIClient

from shared_apps.accounts.models import User
from shared_apps.organizations import page_sessions, support
from shared_apps.organizations.models import Organization, SupportGrant, SupportView
from shared_apps.organizations.permissions import ROLE_PERMISSIONS, SignedIn
from shared_apps.tenancy import context
from tests.isolation.conftest import CSRF, Worlds, send, told
from tests.isolation.endpoints import Endpoint, endpoints
from tests.isolation.rows import Row, arguments_of, row_of

PRIVATE = [one for one in endpoints(settings.TENANT_URLCONF) if not one.is_public]
PAGES = [one for one in PRIVATE if one.is_page]
CHANGES = [one for one in PRIVATE if not one.is_safe]


@pytest.fixture
def olga(worlds: Worlds) -> User:
    return User.objects.create_superuser("olga@colmeia.example", "correct-horse-battery", name="Olga")


def granted(organization: Organization, staff: User, **given: Any) -> SupportGrant:
    now = timezone.now()
    values = {"asked_at": now, "granted_at": now, "expires_at": now + timedelta(hours=2), **given}
    return SupportGrant.objects.create(
        organization=organization, staff=staff, staff_email=staff.email, reason="to look", hours=2, **values
    )


def visitor(organization: Organization, staff: User, grant: SupportGrant) -> APIClient:
    """A browser with the session that the grant opened."""
    client = APIClient(raise_request_exception=False, enforce_csrf_checks=True)
    client.cookies["csrftoken"] = CSRF
    answer = HttpResponse()
    page_sessions.set_cookie(answer, page_sessions.open_session(staff.pk, organization.pk, granted=grant))
    client.cookies[settings.PAGE_SESSION_COOKIE] = answer.cookies[settings.PAGE_SESSION_COOKIE].value
    return client


def test_reading_is_seen_and_changes_nothing(
    worlds: Worlds, known_routes: Callable[[], None], olga: User, subtests: pytest.Subtests
) -> None:
    worlds.look_again()
    for endpoint in (one for one in PAGES if one.is_safe):
        with subtests.test(str(endpoint)), transaction.atomic():
            known_routes()
            response = visited(endpoint, worlds, olga)
            allowed = endpoint.required is SignedIn or endpoint.required in ROLE_PERMISSIONS[support.ROLE]
            answers = (row_of(endpoint) or Row()).answers
            assert response.status_code in ({*answers, 404} if allowed else {403}), response.content[:300]
            assert told(response, worlds.of_globex) == set()
            assert SupportView.objects.filter(was_refused=False).exists() == allowed
            transaction.set_rollback(True)


def test_no_write_gets_through(
    worlds: Worlds, known_routes: Callable[[], None], olga: User, subtests: pytest.Subtests
) -> None:
    worlds.look_again()
    for endpoint in CHANGES:
        with subtests.test(str(endpoint)), transaction.atomic():
            known_routes()
            response = visited(endpoint, worlds, olga)
            assert response.status_code == (403 if endpoint.is_page else 401), response.content[:300]
            transaction.set_rollback(True)


def visited(endpoint: Endpoint, worlds: Worlds, olga: User) -> HttpResponse:
    """The answer to her, who was let in and whose request must not change a row."""
    cache.clear()
    with context.enter(worlds.acme.schema):
        (row_of(endpoint) or Row()).before(worlds.acme)
    client = visitor(worlds.acme.organization, olga, granted(worlds.acme.organization, olga))
    before = worlds.digest()
    response = send(client, endpoint, worlds.acme.host, about=worlds.acme, user=olga)
    assert worlds.digest() == before
    return response


WHYS = ["expired", "ended", "never granted", "refused", "no staff any more", "another's"]


@pytest.mark.parametrize("why", WHYS)
def test_without_standing_access_nobody_is_there(why: str, worlds: Worlds, known_routes: None, olga: User) -> None:
    """On every page: the browser is sent to sign in, and is told nothing. One reason on all, the others in turn."""
    now, acme = timezone.now(), worlds.acme.organization
    grant = granted(acme, olga)
    client = visitor(acme, olga, grant)
    changed: dict[str, dict[str, Any]] = {
        "expired": {"expires_at": now},
        "ended": {"ended_at": now},
        "never granted": {"granted_at": None},
        "refused": {"granted_at": None, "refused_at": now},
        "no staff any more": {},
        "another's": {"organization": worlds.globex.organization},
    }
    SupportGrant.objects.filter(pk=grant.pk).update(**changed[why]) if changed[why] else None
    User.objects.filter(pk=olga.pk).update(is_staff=why != "no staff any more")
    before = worlds.digest()
    for endpoint in PAGES if why == "expired" else PAGES[WHYS.index(why) :: len(WHYS)]:
        response = send(client, endpoint, worlds.acme.host, about=worlds.acme, user=olga)
        assert response.status_code == 302, endpoint
        assert response["Location"].startswith("/sign-in/"), endpoint
    assert worlds.digest() == before
    assert not SupportView.objects.exists()


def test_access_to_one_organization_opens_no_other(worlds: Worlds, known_routes: None, olga: User) -> None:
    client = visitor(worlds.acme.organization, olga, granted(worlds.acme.organization, olga))
    for endpoint in PAGES:
        response = send(client, endpoint, worlds.globex.host, about=worlds.globex, user=olga)
        assert response.status_code == 302, endpoint
        named = {str(value) for value in arguments_of(endpoint, worlds.globex).values()}  # an answer may repeat them
        assert told(response, worlds.of_globex, sent=named) == set()
