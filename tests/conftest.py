"""Fixtures every test may use. The cast is built once per worker; each test runs in a transaction inside public."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from uuid import UUID

import hypothesis
import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone, translation
from pytest_django import DjangoDbBlocker
from rest_framework.test import APIClient

from shared_apps.accounts.models import User
from shared_apps.organizations import page_sessions, sessions, tokens
from shared_apps.organizations.models import Organization
from shared_apps.tenancy import context, routing
from tests import base, putback
from tests import cast as the_cast

# A fifth of a second is long for one example, and a busy machine takes it now and then: no test is timed.
hypothesis.settings.register_profile("untimed", parent=hypothesis.settings(), deadline=None)
hypothesis.settings.load_profile("untimed")

_cast: the_cast.Cast | None = None
_kept: tuple[putback.Kept, the_cast.Cast] | None = None  # as it was really committed last


def pytest_collection_finish() -> None:
    """Hypothesis mixes in the constants of whatever code of ours is loaded, so with other tests come other examples.

    And it tries each of thousands against whatever is to be drawn: two fifths of the time it takes.
    """
    if providers := sys.modules.get("hypothesis.internal.conjecture.providers"):
        assert providers._get_local_constants
        providers._get_local_constants = lambda: providers._local_constants


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, django_db_blocker: DjangoDbBlocker
) -> None:
    """Database set-up happens in public, each xdist worker's in a database of its own: a copy of the run's."""
    context.choose(context.Active(context.PUBLIC))
    with django_db_blocker.unblock():
        if name := base.ensure():
            connection.settings_dict["TEST"]["TEMPLATE"] = name


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    with django_db_blocker.unblock():
        putback.keep()
        _build()


@pytest.fixture(autouse=True)
def _in_public() -> Iterator[None]:
    """What manage.py and the middleware do for their work, tests get too. Nothing leaks from one to the next."""
    with context.public():
        yield


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """A request leaves its language and time zone behind in its thread."""
    yield
    translation.activate(settings.LANGUAGE_CODE)
    timezone.deactivate()


@pytest.fixture
def cast(db: None) -> the_cast.Cast:
    """Alice, bob, carol, dave, acme and globex. Put back after a test that really committed flushed them."""
    global _cast
    if _cast is not None and Organization.objects.filter(pk=_cast.acme.pk).exists():
        return _cast
    if _kept is not None and _kept[0].put_back():
        the_cast.drop_left_overs()
        _cast = _kept[1]
        return _cast
    return _build()


def _build() -> the_cast.Cast:
    global _cast, _kept
    _cast = the_cast.build()
    if not connection.in_atomic_block:
        _kept = putback.Kept.of(_cast.acme.schema_name, _cast.globex.schema_name), _cast
    return _cast


@pytest.fixture
def acme(cast: the_cast.Cast) -> Organization:
    return Organization.objects.get(pk=cast.acme.pk)


@pytest.fixture
def globex(cast: the_cast.Cast) -> Organization:
    return Organization.objects.get(pk=cast.globex.pk)


# Copies: what a test changes of somebody is undone in the database, and must not live on in memory.
@pytest.fixture
def alice(cast: the_cast.Cast) -> User:
    return deepcopy(cast.alice)


@pytest.fixture
def bob(cast: the_cast.Cast) -> User:
    return deepcopy(cast.bob)


@pytest.fixture
def carol(cast: the_cast.Cast) -> User:
    return deepcopy(cast.carol)


@pytest.fixture
def dave(cast: the_cast.Cast) -> User:
    return deepcopy(cast.dave)


@pytest.fixture
def empty_cache() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def known_routes(acme: Organization, globex: Organization) -> Iterator[Callable[[], None]]:
    """What a process that serves them has in its memory: a look-up in a test's transaction is not kept.

    Another thread has a connection of its own, without one. Call it to have them known again after they were forgotten,
    or after half a minute. Not for tests that change an organization behind its back.
    """
    found = _routes.get((acme.pk, globex.pk))
    if found is None:
        with ThreadPoolExecutor(1) as thread:
            looked_up = [thread.submit(_look_up, f"{one.slug}.{settings.PLATFORM_DOMAIN}") for one in (acme, globex)]
            found = [route for one in looked_up if (route := one.result()) is not None]
        if len(found) == 2:  # else the cast is of this test alone
            _routes[acme.pk, globex.pk] = found

    def know() -> None:
        for route in _routes.get((acme.pk, globex.pk), ()):
            routing._hosts.put(f"{route.slug}.{settings.PLATFORM_DOMAIN}", route, routing.SERVED_FOR)
            routing._schemas.put(route.schema, route, routing.SERVED_FOR)

    routing.clear()
    know()
    yield know
    routing.clear()


_routes: dict[tuple[UUID, UUID], list[routing.Route]] = {}


def _look_up(host: str) -> routing.Route | None:
    try:
        return routing.by_host(host)
    finally:
        connection.close()


@pytest.fixture
def api() -> Callable[[User | None, Organization], APIClient]:
    """`api(user, organization)`: a client on the organization's host, signed in (None: a stranger)."""

    def sign_in(user: User | None, organization: Organization) -> APIClient:
        client = APIClient(HTTP_HOST=f"{organization.slug}.localhost")
        if user is not None:
            session = sessions.open_session(user, organization.pk).session
            claims = tokens.Claims(organization.pk, user.pk, session.pk)
            client.credentials(HTTP_AUTHORIZATION=f"Bearer {tokens.issue(claims)}")
        return client

    return sign_in


@pytest.fixture
def pages() -> Callable[[User | None, Organization], Client]:
    """`pages(user, organization)`: a browser on the organization's host, signed in (None: a stranger)."""

    def sign_in(user: User | None, organization: Organization) -> Client:
        client = Client(HTTP_HOST=f"{organization.slug}.localhost")
        if user is not None:
            browse_as(client, user, organization)
        return client

    return sign_in


def browse_as(client: Client, user: User, organization: Organization) -> None:
    """Give the client the cookie of a new page session."""
    answer = HttpResponse()
    page_sessions.set_cookie(answer, page_sessions.open_session(user.pk, organization.pk))
    client.cookies[settings.PAGE_SESSION_COOKIE] = answer.cookies[settings.PAGE_SESSION_COOKIE].value


@pytest.fixture
def inside(acme: Organization) -> Iterator[Organization]:
    """The rest of the test works in acme's schema; requests find their own."""
    with context.enter(acme.schema_name):
        yield acme


# Browsers that are signed in at their own organization.
@pytest.fixture
def alices(pages: Callable[[User | None, Organization], Client], acme: Organization, alice: User) -> Client:
    return pages(alice, acme)


@pytest.fixture
def bobs(pages: Callable[[User | None, Organization], Client], acme: Organization, bob: User) -> Client:
    return pages(bob, acme)


@pytest.fixture
def carols(pages: Callable[[User | None, Organization], Client], globex: Organization, carol: User) -> Client:
    return pages(carol, globex)


@pytest.fixture
def browser(alices: Client) -> Client:
    return alices
