"""The columns an export offers, and what of a client stands in each."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shared_apps.core import formats
from tenant_apps.clients.models import Client, CustomField, Place
from tenant_apps.transfers import columns

Value = Callable[[Client, Place | None], Any]
_SHOWN: dict[str, Callable[[Any], Any]] = {
    "document": formats.document,
    "phone": formats.phone,
    "tags": ", ".join,
    "place.postal_code": formats.postal_code,
}
STANDARD = ("name", "document", "phone", "email", "tags", "place.street", "place.number", "place.city", "place.state")


@dataclass(frozen=True, slots=True)
class Column:
    key: str
    label: str | Promise
    value: Value


def offered(custom_fields: Iterable[CustomField]) -> list[Column]:
    return [
        *(Column(field.key, field.label, _of(field.key)) for field in columns.FIELDS),
        *(Column(columns.CUSTOM + field.key, field.label, _custom(field)) for field in custom_fields),
        Column("created_at", _("Since"), lambda client, _place: client.created_at),
        Column("archived", _("Archived"), lambda client, _place: client.is_archived),
    ]


def _of(key: str) -> Value:
    show = _SHOWN.get(key, lambda value: value)
    if key.startswith(columns.PLACE):
        name = key.removeprefix(columns.PLACE)
        return lambda _client, place: show(getattr(place, name)) if place else ""
    return lambda client, _place: show(getattr(client, key))


def _custom(field: CustomField) -> Value:
    def value(client: Client, _place: Place | None) -> Any:
        found = client.custom.get(field.key)
        return date.fromisoformat(found) if found and field.type == CustomField.Type.DATE else found

    return value
