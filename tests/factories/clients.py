"""Clients and what hangs on them, made through the services, so that what is derived is right.

Use them inside the organization's schema: `with context.enter(acme.schema_name): ClientFactory()`.
"""

from __future__ import annotations

import builtins
from typing import Any

from factory import LazyAttribute, Sequence, SubFactory
from factory.base import Factory
from stdnum.br import cnpj, cpf

from tenant_apps.clients import services
from tenant_apps.clients.models import Asset, Client, CustomField, Place


def a_cpf(number: int) -> str:
    base = f"{100000000 + number:09}"
    return next(f"{base}{n:02}" for n in range(100) if cpf.is_valid(f"{base}{n:02}"))


def a_cnpj(number: int) -> str:
    base = f"{10000000 + number:08}0001"
    return base + cnpj.calc_check_digits(base)


class ClientFactory(Factory):
    class Meta:
        model = Client

    name = Sequence(lambda n: f"Client {n}")
    email = Sequence(lambda n: f"client{n}@clients.example")

    @classmethod
    def _create(cls, model_class: type[Client], *args: Any, **kwargs: Any) -> Client:
        return services.create_client(actor=kwargs.pop("actor", None), **kwargs)


class PlaceFactory(Factory):
    class Meta:
        model = Place

    client = SubFactory(ClientFactory)
    label = "Casa"
    street = "Rua das Palmeiras"
    number = Sequence(str)
    city = "Campinas"
    state = "SP"
    postal_code = "13024000"

    @classmethod
    def _create(cls, model_class: type[Place], *args: Any, **kwargs: Any) -> Place:
        return services.add_place(kwargs.pop("client"), actor=None, **kwargs)


class AssetFactory(Factory):
    class Meta:
        model = Asset

    place = SubFactory(PlaceFactory)
    name = "Piscina"
    volume_m3 = "48.00"

    @classmethod
    def _create(cls, model_class: type[Asset], *args: Any, **kwargs: Any) -> Asset:
        return services.add_asset(kwargs.pop("place"), actor=None, **kwargs)


class CustomFieldFactory(Factory):
    class Meta:
        model = CustomField

    key = "pool_type"
    label = "Tipo de piscina"
    type = "choice"
    choices = LazyAttribute(lambda made: ["vinil", "fibra"] if made.type == "choice" else [])

    @classmethod
    def _create(cls, model_class: builtins.type[CustomField], *args: Any, **kwargs: Any) -> CustomField:
        return services.define_custom_field(actor=None, **kwargs)
