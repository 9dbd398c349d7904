"""Many clients at once are the same clients as one after the other."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from shared_apps.organizations.models import Organization
from shared_apps.tenancy import context
from tenant_apps.activity.models import Activity
from tenant_apps.clients import services, words
from tenant_apps.clients.models import Client, Place

FIELDS: dict[str, Any] = {
    "kind": "person",
    "name": 'José d\'Ávila \\ "Zé"',
    "phone": "+5511912345678",
    "email": "ze@casa.example",
    "tags": ["vip", "piscina, grande", "{}", 'a"b'],
    "notes": "linha 1\nlinha 2\t€",
    "custom": {"depth": "2.50", "heated": True, "list": None},
}
PLACE = {"street": "Rua d'Água", "city": "São Paulo", "state": "SP", "postal_code": "01310100"}
OWN = {"id", "created_at", "updated_at", "version"}


def columns_of(client: Client) -> dict[str, Any]:
    (found,) = Client.objects.filter(pk=client.pk).values()
    return {name: value for name, value in found.items() if name not in OWN}


def test_all_at_once_is_the_same_as_one_by_one(acme: Organization) -> None:
    with context.enter(acme.schema_name):
        one = services.create_client(actor=None, **{**FIELDS, "custom": {}})
        services.add_place(one, actor=None, **PLACE)
        Client.objects.filter(pk=one.pk).update(custom=FIELDS["custom"])
        (other,) = services.create_clients([(FIELDS, PLACE)], actor=None)
        assert columns_of(other) == columns_of(one)
        assert Place.objects.get(client=other).city_and_state == "São Paulo - SP"
        assert Activity.objects.get(subject_id=other.pk).after["name"] == FIELDS["name"]
        assert Client.objects.get(pk=other.pk).created_at.microsecond == other.created_at.microsecond
        assert Client.objects.with_words(words.query("jose avila")).count() == 2


def test_a_document_is_taken_once(acme: Organization) -> None:
    twice: list[Any] = [({"kind": "person", "name": name, "document": "52998224725"}, {}) for name in ("Ana", "Bia")]
    with context.enter(acme.schema_name):
        with pytest.raises(IntegrityError), transaction.atomic():
            services.create_clients(twice, actor=None)
        assert not Client.objects.filter(document="52998224725").exists()


@pytest.mark.parametrize("given", [[], ["joao"], ["@sp", "~8765"], ["d'agua", "a\\b", "''", "é"]])
def test_words_are_written_as_postgresql_writes_them(acme: Organization, given: list[str]) -> None:
    with context.enter(acme.schema_name), connection.cursor() as cursor:
        cursor.execute("SELECT array_to_tsvector(%s::text[]) = %s::tsvector", [given, words.literal(given)])
        assert cursor.fetchone() == (True,)
