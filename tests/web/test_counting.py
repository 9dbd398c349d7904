"""Strangers are counted: apart for what they do, who they are, and each organization."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.test import Client

from shared_apps.organizations.models import Organization
from shared_apps.tenancy import context
from shared_apps.web.counting import count, counted
from tenant_apps.finance.page_views.charge import MISSES
from tenant_apps.scheduling.calendar.feed_views import MOST_A_MINUTE

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_counted() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def test_each_is_counted_apart(acme: Organization, globex: Organization) -> None:
    with context.enter(acme.schema_name):
        assert [count("knocks", "1.2.3.4", within=60) for _ in range(3)] == [1, 2, 3]
        assert counted("knocks", "1.2.3.4") == 3
        assert counted("knocks", "5.6.7.8") == counted("rings", "1.2.3.4") == 0
    with context.enter(globex.schema_name):
        assert counted("knocks", "1.2.3.4") == 0


@pytest.mark.parametrize(
    ("path", "first", "most"),
    [("/pay/{}/", 404, MISSES), ("/calendar/feed/{}.ics", 404, MOST_A_MINUTE)],
    ids=["charges", "feeds"],
)
def test_who_guesses_addresses_has_to_wait(
    client: Client, acme: Organization, globex: Organization, path: str, first: int, most: int
) -> None:
    def knock(number: int, host: str = "acme.localhost", address: str = "203.0.113.7") -> int:
        return client.get(path.format(f"{number:040}"), headers={"host": host}, REMOTE_ADDR=address).status_code

    assert {knock(number) for number in range(most)} == {first}
    assert knock(most) == 429
    assert knock(most, address="198.51.100.9") == first
    assert knock(most, host="globex.localhost") == first
