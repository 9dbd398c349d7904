"""More clients than the demo's book has, for a firm of years."""

from __future__ import annotations

import random
from itertools import product

from shared_apps.core import bulk
from tenant_apps.clients import services
from tenant_apps.clients.demo import CITIES, DISTRICTS, STREETS
from tenant_apps.clients.models import Asset, Client

FIRST = (
    "Adriana",
    "Benedito",
    "Célia",
    "Denis",
    "Elaine",
    "Fábio",
    "Glória",
    "Hugo",
    "Íris",
    "Jonas",
    "Lívia",
    "Mauro",
)
LAST = ("Azevedo", "Barros", "Camargo", "Duarte", "Esteves", "Freitas", "Godoy", "Holanda", "Lemos", "Macedo", "Neves")


def add(chance: random.Random, count: int) -> None:
    """Until there are `count`, each with one place and one pool."""
    missing = count - Client.objects.count()
    if missing <= 0:
        return
    given = []
    for number, (last, first) in enumerate(product(LAST, FIRST)):
        if number == missing:
            break
        city, state, area, postal_code = chance.choice(CITIES)
        fields = {
            "kind": "person",
            "name": f"{first} {last}",
            "email": f"{number}@moradores.example",
            "phone": f"+55{area}9{chance.randint(81000000, 99999999)}",
            "tags": ["residencial"],
            "custom": {},
        }
        place = {
            "label": "Casa",
            "street": chance.choice(STREETS),
            "number": str(chance.randint(10, 1900)),
            "district": chance.choice(DISTRICTS),
            "city": city,
            "state": state,
            "postal_code": f"{postal_code}{chance.randint(0, 999):03}",
        }
        given.append((fields, place))
    made = services.create_clients(given, actor=None)
    places = Client.objects.filter(pk__in=[one.pk for one in made]).values_list("places", flat=True)
    bulk.insert([Asset(place_id=place, kind="pool", name="Piscina", surface_m2=28, volume_m3=40) for place in places])
