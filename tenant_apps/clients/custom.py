"""Values of the fields that an organization defines itself: checked against their definitions, one form for each type.

text: up to 500 characters. number: finite, as JSON has them. choice: one of the field's choices. date: "2026-11-23".
bool: true or false. Nothing is converted: "12" is not a number.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from shared_apps.core.errors import FieldError
from tenant_apps.clients.errors import InvalidCustom
from tenant_apps.clients.models import CustomField

MAX_TEXT = 500
MAX_NUMBER = 1e15  # beyond it a JSON number no longer counts in ones


def merged(
    current: Mapping[str, Any], given: Mapping[str, Any], fields: Iterable[CustomField], *, replace: bool = False
) -> dict[str, Any]:
    """`current` with the given values put in; None takes a value out, `replace` starts from nothing.

    Raises InvalidCustom, naming every unknown, wrong or missing field.
    """
    known = {field.key: field for field in fields}
    values = {} if replace else dict(current)
    errors = []
    for key, value in given.items():
        if key not in known:
            errors.append(_error(key, _("There is no such custom field."), "unknown_field"))
        elif value is None:
            values.pop(key, None)
        elif (refusal := _refusal(known[key], value)) is not None:
            errors.append(_error(key, *refusal))
        else:
            values[key] = value
    refused = {error["field"] for error in errors}
    for key, field in known.items():
        if field.required and values.get(key) in (None, "") and f"custom.{key}" not in refused:
            errors.append(_error(key, _("This field is required."), "required"))
    if errors:
        raise InvalidCustom(errors=errors)
    return values


def parsed(field: CustomField, typed: str) -> Any:
    """The value a filter's text stands for. Raises FieldError (`custom.<key>`)."""
    value: Any = typed
    if field.type == CustomField.Type.NUMBER:
        try:
            value = float(typed)
        except ValueError:
            value = None
    elif field.type == CustomField.Type.BOOL:
        value = {"true": True, "false": False}.get(typed.lower())
    refusal = _refusal(field, value)
    if refusal is not None:
        raise FieldError(f"custom.{field.key}", *refusal)
    return value


def _refusal(field: CustomField, value: Any) -> tuple[str, str] | None:
    """Why the value is not right for the field (message, code), or None."""
    match field.type:
        case CustomField.Type.TEXT:
            if not isinstance(value, str) or "\x00" in value:
                return _("Not a valid text."), "invalid"
            if len(value) > MAX_TEXT:
                return _("At most %(limit)s characters.") % {"limit": MAX_TEXT}, "max_length"
        case CustomField.Type.NUMBER:
            number = isinstance(value, (int, float)) and not isinstance(value, bool)
            if not number or not math.isfinite(value) or abs(value) > MAX_NUMBER:
                return _("A number is required."), "invalid"
        case CustomField.Type.CHOICE:
            if not isinstance(value, str) or value not in field.choices:
                return _("One of: %(choices)s.") % {"choices": ", ".join(field.choices)}, "invalid_choice"
        case CustomField.Type.DATE:
            if not isinstance(value, str) or not _is_date(value):
                return _("A date such as 2026-11-23 is required."), "invalid"
        case CustomField.Type.BOOL:
            if not isinstance(value, bool):
                return _("true or false is required."), "invalid"
    return None


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _error(key: str, message: str, code: str) -> dict[str, str]:
    return {"field": f"custom.{key[:60]}", "code": code, "message": message}
