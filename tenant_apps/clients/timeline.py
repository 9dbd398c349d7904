"""What happened to a client, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shared_apps.core import formats
from tenant_apps.activity.models import Activity
from tenant_apps.clients.columns import value_text
from tenant_apps.clients.models import Asset, Client, CustomField, Place

TEXTS: dict[str, str | Promise] = {
    "client.created": gettext_lazy("Client added"),
    "client.imported": gettext_lazy("Client imported"),
    "client.updated": gettext_lazy("Client changed"),
    "client.archived": gettext_lazy("Client archived"),
    "client.restored": gettext_lazy("Client restored"),
    "client.merged": gettext_lazy("Another record of this client was merged into this one"),
    "place.added": gettext_lazy("Place added"),
    "place.updated": gettext_lazy("Place changed"),
    "place.removed": gettext_lazy("Place removed"),
    "asset.added": gettext_lazy("Equipment added"),
    "asset.updated": gettext_lazy("Equipment changed"),
    "asset.removed": gettext_lazy("Equipment removed"),
    "client.consent_given": gettext_lazy("May be written to again"),
    "client.consent_withdrawn": gettext_lazy("Is not written to any more"),
    "file.added": gettext_lazy("File added"),
    "file.removed": gettext_lazy("File removed"),
    "file.restored": gettext_lazy("File restored"),
}
LONGEST = 80
_SILENT = {"client", "place", "asset", "merged", "kind_of"}  # identifiers, which say nothing to a person
_ON_ADDING = {"name", "label", "street", "number", "city", "reason", "file"}
_WRITTEN: dict[str, Callable[[Any], str]] = {
    "phone": formats.phone,
    "document": formats.document,
    "postal_code": formats.postal_code,
}


@dataclass(frozen=True, slots=True)
class Entry:
    text: str
    changes: list[str]
    by: str
    at: datetime


def entries(found: Iterable[Activity], fields: Mapping[str, CustomField]) -> list[Entry]:
    """`fields`: custom fields by key, for their labels."""
    return [
        Entry(
            text=str(TEXTS.get(one.verb, one.verb)),
            changes=list(_changes(one, fields)),
            by=str(one.actor) if one.actor else _("Colmeia"),
            at=one.at,
        )
        for one in found
    ]


def _changes(one: Activity, fields: Mapping[str, CustomField]) -> Iterable[str]:
    before, after = _flat(one.before), _flat(one.after)
    is_change = one.verb.endswith((".updated", ".merged"))
    for name in dict.fromkeys([*before, *after]):
        if name in _SILENT or (not is_change and name not in _ON_ADDING):
            continue
        old, new = _text(name, before.get(name), fields), _text(name, after.get(name), fields)
        if old == new:
            continue
        label = label_of(name, fields)
        yield f"{label}: {old} → {new}" if old and new else f"{label}: {new or _('removed')}"


def label_of(name: str, fields: Mapping[str, CustomField]) -> str:
    """What people call a field: "custom.pool" by its own label."""
    if name.startswith("custom."):
        key = name.removeprefix("custom.")
        return fields[key].label if key in fields else key
    if name == "reason":
        return _("Reason")
    if name == "file":
        return _("File")
    for model in (Client, Place, Asset):
        if any(field.name == name for field in model._meta.get_fields()):
            return capfirst(str(getattr(model._meta.get_field(name), "verbose_name", name)))
    return name


def _flat(values: Mapping[str, Any]) -> dict[str, Any]:
    """Custom values one by one, as `custom.<key>`."""
    flat = {name: value for name, value in values.items() if name != "custom"}
    given = values.get("custom")
    if isinstance(given, dict):
        flat |= {f"custom.{key}": value for key, value in given.items()}
    return flat


def _text(name: str, value: Any, fields: Mapping[str, CustomField]) -> str:
    if value in (None, "", [], {}):
        return ""
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if name == "kind" and value in Client.Kind.values:
        return str(Client.Kind(value).label)
    if name in _WRITTEN:
        return _WRITTEN[name](str(value))
    return Truncator(value_text(fields.get(name.removeprefix("custom.")), value)).chars(LONGEST)
