"""Custom fields: defining, changing and removing them."""

from __future__ import annotations

import re
from typing import Any

from django.db import transaction
from django.db.models import F, Value
from django.db.models.expressions import CombinedExpression
from django.db.models.fields.json import JSONField
from django.utils.translation import gettext as _

from shared_apps.core.errors import FieldError, NotThere
from tenant_apps.activity import services as activity
from tenant_apps.clients.errors import KeyTaken
from tenant_apps.clients.models import Client, CustomField
from tenant_apps.team.models import Member

FIELDS = ("key", "label", "type", "required", "choices", "position")
_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")


@transaction.atomic
def define_custom_field(*, actor: Member | None, **fields: Any) -> CustomField:
    """Raises FieldError, KeyTaken."""
    field = CustomField(**fields)
    _check(field)
    if CustomField.objects.filter(key=field.key).exists():
        raise KeyTaken
    field.save(force_insert=True)
    activity.record(actor, "custom_field.defined", field, after=_snapshot(field))
    return field


@transaction.atomic
def change_custom_field(field: CustomField, *, actor: Member | None, **changes: Any) -> CustomField:
    """Key and type never change, for values depend on them. Raises FieldError, NotThere."""
    field = _locked(field)
    before = _snapshot(field)
    for name, value in changes.items():
        if name in {"key", "type"} and value != getattr(field, name):
            raise FieldError(name, _("This cannot be changed. Make a new field instead."), "immutable")
        setattr(field, name, value)
    _check(field)
    field.save()
    activity.record(actor, "custom_field.changed", field, before=before, after=_snapshot(field))
    return field


@transaction.atomic
def remove_custom_field(field: CustomField, *, actor: Member | None) -> None:
    """Remove the field and every client's value of it. Raises NotThere."""
    field = _locked(field)
    without = CombinedExpression(F("custom"), "-", Value(field.key), output_field=JSONField())
    emptied = Client.objects.filter(custom__has_key=field.key).update(custom=without, version=F("version") + 1)
    activity.record(actor, "custom_field.removed", field, before=_snapshot(field), after={"values_removed": emptied})
    field.delete()


def _locked(field: CustomField) -> CustomField:
    found = CustomField.objects.select_for_update().filter(pk=field.pk).first()
    if found is None:
        raise NotThere
    return found


def _check(field: CustomField) -> None:
    if not _KEY.fullmatch(field.key):
        raise FieldError("key", _("Small letters, digits and underscores, a letter first."), "invalid_key")
    field.label = " ".join(field.label.split()) or field.key
    field.choices = list(dict.fromkeys(choice for typed in field.choices if (choice := typed.strip())))
    if (field.type == CustomField.Type.CHOICE) != bool(field.choices):
        raise FieldError("choices", _("A choice has choices, and nothing else has."), "invalid_choices")


def _snapshot(field: CustomField) -> dict[str, Any]:
    return {name: getattr(field, name) for name in FIELDS}
