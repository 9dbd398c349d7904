"""Two at once, really committed: one wins, nobody's change is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from rest_framework.test import APIClient

from shared_apps.accounts.models import User
from shared_apps.organizations.models import Organization
from shared_apps.tenancy import context
from tenant_apps.clients.models import Client, Place
from tests.factories.clients import ClientFactory, a_cpf

URL = "/api/v1/clients/"
pytestmark = pytest.mark.django_db(transaction=True)
Send = Callable[[APIClient], Any]


@pytest.fixture
def at_once(api: Callable[..., APIClient], acme: Organization, bob: User) -> Callable[[Iterable[Send]], list[Any]]:
    """Send several requests of bob's at the same moment; their answers."""

    def run(sends: Iterable[Send]) -> list[Any]:
        work = [(api(bob, acme), send) for send in sends]
        barrier = Barrier(len(work))

        def one(pair: tuple[APIClient, Send]) -> Any:
            with context.public():
                try:
                    barrier.wait(timeout=20)
                    return pair[1](pair[0])
                finally:
                    connection.close()

        with ThreadPoolExecutor(len(work)) as pool:
            return list(pool.map(one, work))

    return run


def test_one_of_two_editors_wins(at_once: Callable, acme: Organization) -> None:
    with context.enter(acme.schema_name):
        client = ClientFactory(name="Old")
    edits = [
        lambda api, name=name: api.patch(f"{URL}{client.pk}/", {"name": name}, HTTP_IF_MATCH='"v1"') for name in "AB"
    ]
    answers = at_once(edits)
    assert sorted(answer.status_code for answer in answers) == [200, 412]
    with context.enter(acme.schema_name):
        kept = Client.objects.get()
    assert kept.name == next(a.json()["name"] for a in answers if a.status_code == 200)
    assert kept.version == 2


def test_a_document_is_given_to_one(at_once: Callable, acme: Organization) -> None:
    answers = at_once([lambda api: api.post(URL, {"name": "A", "document": a_cpf(1)})] * 3)
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409]
    assert {a.json()["code"] for a in answers if a.status_code == 409} == {"document_taken"}
    with context.enter(acme.schema_name):
        assert Client.objects.count() == 1


def test_places_added_at_once_are_all_summed_up(at_once: Callable, acme: Organization) -> None:
    with context.enter(acme.schema_name):
        client = ClientFactory()
    cities = ["Campinas", "Santos", "Sorocaba"]
    adds = [lambda api, city=city: api.post(f"{URL}{client.pk}/places/", {"city": city}) for city in cities]
    assert [answer.status_code for answer in at_once(adds)] == [201, 201, 201]
    with context.enter(acme.schema_name):
        assert Place.objects.count() == 3
        assert Client.objects.get().cities == cities
