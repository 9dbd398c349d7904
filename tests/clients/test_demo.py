"""The demo firm's book."""

from __future__ import annotations

import pytest
from stdnum.br import cnpj, cpf

from shared_apps.organizations.models import Organization
from shared_apps.organizations.signals import organization_demo_requested
from shared_apps.tenancy import context
from tenant_apps.clients import demo, words
from tenant_apps.clients.models import Asset, Client, CustomField, Place


@pytest.mark.django_db
def test_the_demo_book_is_believable_and_made_once(acme: Organization) -> None:
    with context.enter(acme.schema_name):
        organization_demo_requested.send(Organization, organization=acme)
        clients = list(Client.objects.all())
        assert len(clients) == 40
        for client in clients:
            assert (cnpj if client.kind == "company" else cpf).is_valid(client.document)
            assert client.email.endswith(".example")
            assert client.custom["pool_type"] in demo.POOL_TYPES
            assert client.cities
        assert CustomField.objects.get().key == "pool_type"
        assert Place.objects.count() >= 40
        assert Asset.objects.count() >= Place.objects.count()
        assert Client.objects.with_words(words.query("conceicao")).get().name == "Renato Conceição"
        organization_demo_requested.send(Organization, organization=acme)
        assert Client.objects.count() == 40


@pytest.mark.django_db
def test_the_same_people_every_time(acme: Organization, globex: Organization) -> None:
    books = []
    for organization in (acme, globex):
        with context.enter(organization.schema_name):
            demo.fill()
            books.append(list(Client.objects.order_by("name_key").values_list("name", "document", "phone")))
    assert books[0] == books[1]
