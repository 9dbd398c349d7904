"""Clients and what hangs on them, made through the services, so that what is derived is right.

Use them inside the organization's schema: `with context.enter(acme.schema_name): ClientFactory()`.
"""

from __future__ import annotations

from typing import Any

import factory
from stdnum.br import cnpj, cpf

from tenant_apps.clients import services
from tenant_apps.clients.models import Asset, Client, CustomField, Place


def a_cpf(number: int) -> str:
    base = f"{100000000 + number:09}"
    return next(f"{base}{n:02}" for n in range(100) if cpf.is_valid(f"{base}{n:02}"))


def a_cnpj(number: int) -> str:
    base = f"{10000000 + number:08}0001"
    return base + cnpj.calc_check_digits(base)


class ClientFactory(factory.Factory):
    class Meta:
        model = Client

    name = factory.Sequence(lambda n: f"Client {n}")
    email = factory.Sequence(lambda n: f"client{n}@clients.example")

    @classmethod
    def _create(cls, model_class: type[Client], *args: Any, **kwargs: Any) -> Client:
        return services.create_client(actor=kwargs.pop("actor", None), **kwargs)


class PlaceFactory(factory.Factory):
    class Meta:
        model = Place

    client = factory.SubFactory(ClientFactory)
    label = "Casa"
    street = "Rua das Palmeiras"
    number = factory.Sequence(str)
    city = "Campinas"
    state = "SP"
    postal_code = "13024000"

    @classmethod
    def _create(cls, model_class: type[Place], *args: Any, **kwargs: Any) -> Place:
        return services.add_place(kwargs.pop("client"), actor=None, **kwargs)


class AssetFactory(factory.Factory):
    class Meta:
        model = Asset

    place = factory.SubFactory(PlaceFactory)
    name = "Piscina"
    volume_m3 = "48.00"

    @classmethod
    def _create(cls, model_class: type[Asset], *args: Any, **kwargs: Any) -> Asset:
        return services.add_asset(kwargs.pop("place"), actor=None, **kwargs)


class CustomFieldFactory(factory.Factory):
    class Meta:
        model = CustomField

    key = "pool_type"
    label = "Tipo de piscina"
    type = "choice"
    choices = factory.LazyAttribute(lambda made: ["vinil", "fibra"] if made.type == "choice" else [])

    @classmethod
    def _create(cls, model_class: type[CustomField], *args: Any, **kwargs: Any) -> CustomField:
        return services.define_custom_field(actor=None, **kwargs)
