"""The platform's own host: no organization is active there, and none of its addresses leads into one."""

from __future__ import annotations

import pytest
from django.conf import settings

from shared_apps.organizations.permissions import Public
from tests.isolation.conftest import Worlds, client_of, send, told
from tests.isolation.endpoints import Endpoint, endpoints
from tests.isolation.rows import Row, arguments_of, path_of, row_of, uncovered

PLATFORM = endpoints(settings.ROOT_URLCONF)
TENANT = endpoints(settings.TENANT_URLCONF)


def test_every_endpoint_has_a_row_and_names_who_may_come_in() -> None:
    assert uncovered(PLATFORM) == []
    assert [str(endpoint) for endpoint in PLATFORM if endpoint.required is None] == []


@pytest.mark.parametrize("endpoint", PLATFORM, ids=str)
def test_shows_and_changes_no_organization(endpoint: Endpoint, worlds: Worlds) -> None:
    before = worlds.digest()
    row = row_of(endpoint) or Row()
    for user in (None, worlds.cast.carol):
        client = client_of(user, worlds.cast.globex if user else None)
        response = send(
            client, endpoint, settings.PLATFORM_DOMAIN, about=worlds.acme, user=worlds.cast.carol,
            urlconf=settings.ROOT_URLCONF,
        )  # fmt: skip
        allowed = {401, 403, 404, *(row.answers if endpoint.required is Public else ())}
        assert response.status_code in allowed, response.content[:300]
        assert told(response, worlds.of_acme | worlds.of_globex) == set()
    assert worlds.digest() == before


@pytest.mark.parametrize("endpoint", [one for one in TENANT if str(one) not in set(map(str, PLATFORM))], ids=str)
@pytest.mark.parametrize("host", [settings.PLATFORM_DOMAIN, "unknown.localhost", "www.localhost"])
def test_an_organizations_addresses_lead_nowhere_elsewhere(endpoint: Endpoint, host: str, worlds: Worlds) -> None:
    client = client_of(worlds.cast.alice, worlds.cast.acme)
    before = worlds.digest()
    path = path_of(endpoint, arguments_of(endpoint, worlds.acme), urlconf=settings.TENANT_URLCONF)
    response = client.generic(endpoint.method.upper(), path, headers={"host": host})
    assert response.status_code == 404
    sent = {str(value) for value in arguments_of(endpoint, worlds.acme).values()}
    assert told(response, worlds.of_acme, sent=sent) == set()
    assert worlds.digest() == before
