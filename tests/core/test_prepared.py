"""A query that is composed once asks what its queryset says, each time with what is given."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.db.models import Count, QuerySet
from django.db.models.sql.compiler import SQLCompiler
from django.test.utils import CaptureQueriesContext

from shared_apps.core.prepared import Given, Prepared, any_of, prepared
from shared_apps.organizations.models import Organization
from shared_apps.tenancy import context
from tenant_apps.clients.models import Client


@prepared
def named(name: Given, since: Given) -> QuerySet[Client, Any]:
    return Client.objects.standing().filter(name=name, created_at__gte=since).values_list("pk", "name", "custom")


@pytest.fixture
def here(acme: Organization) -> Any:
    with context.enter(acme.schema_name):
        yield


EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


def test_answers_as_the_queryset_does(here: None) -> None:
    rosa = Client.objects.create(name="Rosa 100%s", custom={"pool": "blue"})
    Client.objects.create(name="Ana")
    expected = list(Client.objects.filter(name=rosa.name).values_list("pk", "name", "custom"))
    assert named(name=rosa.name, since=EPOCH) == expected == [(rosa.pk, "Rosa 100%s", {"pool": "blue"})]
    assert named(name="Ana", since=EPOCH)[0][1] == "Ana"
    assert named(name="Ana", since=datetime(3000, 1, 1, tzinfo=UTC)) == []
    assert named(name="' OR 1=1 --", since=EPOCH) == []


def test_is_composed_once_and_asked_in_the_schema_that_is_active(
    here: None, globex: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    Client.objects.create(name="Rosa")
    named(name="Rosa", since=EPOCH)
    monkeypatch.delattr(SQLCompiler, "as_sql")
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert len(named(name="Rosa", since=EPOCH)) == 1
        with context.enter(globex.schema_name):
            assert named(name="Rosa", since=EPOCH) == []
    assert len([query for query in asked if "clients_client" in query["sql"]]) == 2


def test_one_of_a_list(here: None) -> None:
    keys = [Client.objects.create(name=name).pk for name in ("Ana", "Rosa", "Zé")]

    @prepared
    def of(keys: Given) -> QuerySet[Client, Any]:
        return Client.objects.filter(any_of("pk", keys)).order_by("name").values_list("name")

    assert of(keys=keys[1:]) == [("Rosa",), ("Zé",)]
    assert of(keys=[]) == []
    assert of(keys=keys[:1]) == [("Ana",)]


def test_says_what_it_cannot_do(here: None) -> None:
    with pytest.raises(TypeError, match="values_list"):
        Prepared(lambda: Client.objects.all())()
    with pytest.raises(KeyError, match="since"):
        named(name="Rosa")


def test_groups(here: None) -> None:
    Client.objects.create(name="Ana")
    grouped = Prepared(lambda: Client.objects.values("name").annotate(n=Count("pk")).values_list("name", "n"))
    assert grouped() == [("Ana", 1)]


def test_two_threads_may_compose_it(here: None) -> None:
    fresh = Prepared(named._compose)
    with ThreadPoolExecutor(2) as pool:
        composed = list(pool.map(lambda _n: fresh._compose_once(), range(2)))
    assert composed[0].sql == composed[1].sql
