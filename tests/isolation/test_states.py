"""An organization that is not served: nobody gets in, whatever they hold."""

from __future__ import annotations

import pytest
from django.conf import settings

from shared_apps.organizations.models import Organization
from shared_apps.tenancy import routing
from tests.isolation.conftest import Worlds, client_of, send, told
from tests.isolation.endpoints import Endpoint, endpoints
from tests.isolation.rows import arguments_of

CLOSED = ("suspended", "archived", "deleting")
PRIVATE = [endpoint for endpoint in endpoints(settings.TENANT_URLCONF) if not endpoint.is_public]


@pytest.mark.parametrize("endpoint", PRIVATE, ids=str)
def test_its_owner_finds_it_closed(endpoint: Endpoint, worlds: Worlds) -> None:
    client = client_of(worlds.cast.alice, worlds.cast.acme)
    before = worlds.digest()
    for status in CLOSED:
        Organization.objects.filter(pk=worlds.cast.acme.pk).update(status=status)
        routing.forget(hosts=[worlds.acme.host], schema=worlds.acme.schema)
        response = send(client, endpoint, worlds.acme.host, about=worlds.acme, user=worlds.cast.alice)
        assert response.status_code in {403, 404, 410, 423, 503}, status
        assert response["Content-Type"].startswith("text/html" if endpoint.is_page else "application/problem+json")
        sent = {str(value) for value in arguments_of(endpoint, worlds.acme).values()}
        assert told(response, worlds.of_acme, sent=sent) == set(), status
    assert worlds.digest() == before
