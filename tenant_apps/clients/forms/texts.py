"""Stored things as the texts that their forms show."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.formats import localize_input

from shared_apps.core import formats
from tenant_apps.clients.models import Asset, Client, CustomField, Place


def of_client(client: Client, fields: Iterable[CustomField]) -> dict[str, str]:
    plain = {name: getattr(client, name) for name in ("kind", "name", "legal_name", "email", "notes")}
    written = {
        "document": formats.document(client.document),
        "phone": formats.phone(client.phone),
        "tags": ", ".join(client.tags),
    }
    custom = {f"custom_{field.key}": _custom(client.custom.get(field.key)) for field in fields}
    return plain | written | custom


def of_place(place: Place) -> dict[str, str]:
    names = ("label", "street", "number", "complement", "district", "city", "state", "access_notes")
    return {name: getattr(place, name) for name in names} | {"postal_code": formats.postal_code(place.postal_code)}


def of_asset(asset: Asset) -> dict[str, str]:
    numbers = {name: _number(getattr(asset, name)) for name in ("volume_m3", "surface_m2")}
    return {name: getattr(asset, name) for name in ("kind", "name", "filter", "notes")} | numbers


def _number(value: Any) -> str:
    return "" if value is None else str(localize_input(value))


def _custom(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return _number(int(value) if value == int(value) else value)
    return "" if value is None else str(value)
