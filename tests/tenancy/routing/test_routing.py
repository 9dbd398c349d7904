"""Host to organization: one query cold, none warm, and a change is seen at once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from shared_apps.organizations.models import Domain, Organization
from shared_apps.tenancy import context, routing
from shared_apps.tenancy.models import Schema
from shared_apps.tenancy.routing import bell, lookup

HOST = "acme.localhost"


@pytest.fixture
def unwrapped(acme: Organization) -> Iterator[Organization]:
    """Acme, as a request finds it: Django does not know of the test's own transaction."""
    connection.in_atomic_block, connection.autocommit = False, True
    yield acme
    connection.in_atomic_block, connection.autocommit = True, False


def test_a_route_says_what_is_needed_to_serve(acme: Organization) -> None:
    route = routing.by_host(HOST)
    assert route is not None
    assert (route.schema, route.organization_id, route.slug) == (acme.schema_name, acme.pk, "acme")
    assert (route.name, route.status, route.timezone, route.locale) == (
        "Acme Piscinas",
        "active",
        "America/Sao_Paulo",
        "en",
    )
    assert route.is_served
    assert routing.by_schema(acme.schema_name) == route
    assert routing.by_schema("pool_1") is None


def test_one_query_cold_none_warm(unwrapped: Organization, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        route = routing.by_host(HOST)
    with context.activate(None), django_assert_num_queries(0):
        assert routing.by_host(HOST) is route
        assert routing.by_schema(unwrapped.schema_name) is route


def test_nobody_is_cached_too(unwrapped: Organization, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        assert routing.by_host("nobody.localhost") is None
    with django_assert_num_queries(0):
        assert routing.by_host("nobody.localhost") is None
    routing.forget(hosts=["nobody.localhost"])
    with django_assert_num_queries(1):
        assert routing.by_host("nobody.localhost") is None


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """So few look-ups a second that no machine is slow enough to be spared the refusals."""
    monkeypatch.setattr(routing, "UNKNOWN_PER_SECOND", 5.0)


@pytest.mark.usefixtures("few")
def test_unknown_hosts_neither_fill_memory_nor_push_others_out(unwrapped: Organization) -> None:
    route = routing.by_host(HOST)
    refused = 0
    with CaptureQueriesContext(connection) as queries:
        for number in range(3000):
            try:
                assert routing.by_host(f"x{number}.localhost") is None
            except routing.TooManyUnknownHosts:
                refused += 1
    assert refused > 1000
    assert refused + len(queries) == 3000
    assert len(routing._unknown._entries) <= routing._unknown.limit
    assert routing.by_host(HOST) == route
    routing._hosts.put(HOST, route, -1)  # expired: still looked up, whoever knocks elsewhere
    assert routing.by_host(HOST) == route


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize("message", [None, bell.Message(hosts=(HOST,)), bell.Message(schema="org_acme")])
def test_a_known_host_is_looked_up_after_an_announcement_too(
    unwrapped: Organization, message: bell.Message | None
) -> None:
    def knock(name: str) -> None:
        """On more doors than may be looked up, until one is refused unseen."""
        with pytest.raises(routing.TooManyUnknownHosts):
            [routing.by_host(f"{name}{number}.localhost") for number in range(3000)]

    route = routing.by_host(HOST)
    knock("x")
    routing._heard(message)
    knock("y")
    assert routing.by_host(HOST) == route


def test_a_host_that_was_somebodys_is_nobodys(unwrapped: Organization) -> None:
    assert routing.by_host(HOST) is not None
    Domain.objects.filter(domain=HOST).update(domain="elsewhere.localhost")
    routing.forget(hosts=[HOST], schema=unwrapped.schema_name)
    assert routing.by_host(HOST) is None
    assert not routing._hosts.has_seen(HOST)


def test_a_change_is_seen_when_it_commits(unwrapped: Organization) -> None:
    assert routing.by_host(HOST).name == "Acme Piscinas"
    Organization.objects.filter(pk=unwrapped.pk).update(name="Acme")
    assert routing.by_host(HOST).name == "Acme Piscinas"
    routing.forget(schema=unwrapped.schema_name)
    assert routing.by_host(HOST).name == "Acme"
    assert routing.by_schema(unwrapped.schema_name).name == "Acme"


def test_an_open_transaction_caches_nothing(
    acme: Organization, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with transaction.atomic():
        for _ in range(2):
            with django_assert_num_queries(1):
                routing.by_host(HOST)


def test_an_answer_read_before_a_change_is_not_kept_after_it(unwrapped: Organization) -> None:
    generation = routing._hosts.generation
    old = lookup.by_host(HOST)
    routing.forget(hosts=[HOST])
    routing._remember(old, generation, host=HOST)
    assert isinstance(routing.cached_by_host(HOST), routing.Missing)


def test_behind_a_migration(acme: Organization) -> None:
    Schema.objects.filter(name=acme.schema_name).update(head="another")
    assert not routing.by_host(HOST).is_lagging  # nothing of ours is missing there: a newer release has migrated
    with context.enter(acme.schema_name, with_public=False), connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'clients'")
    assert routing.by_host(HOST).is_lagging
    assert not routing.by_host(HOST).is_served
    Organization.objects.filter(pk=acme.pk).update(status="suspended")
    assert not routing.by_host(HOST).is_lagging  # nobody looks into a schema that is not served


def test_a_schema_that_is_not_there_is_behind(acme: Organization) -> None:
    Organization.objects.filter(pk=acme.pk).update(schema_name="org_gone")
    assert routing.by_host(HOST).is_lagging
