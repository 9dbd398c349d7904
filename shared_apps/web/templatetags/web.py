"""What templates need beyond Django: icons, and how things are written (`core.formats`)."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any

from django import template
from django.conf import settings
from django.forms import BoundField
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shared_apps.core import formats

register = template.Library()


@register.simple_tag
def icon(name: str) -> SafeString:
    """A Tabler icon from the sprite that the build makes of the names found in templates. Decoration only."""
    return _drawn(name, _sprite(settings.STATIC_URL))


@cache
def _sprite(_static_url: str) -> str:
    """Its address, which stays as it is while the process runs."""
    return static("web/dist/icons.svg")


@cache
def _drawn(name: str, sprite: str) -> SafeString:
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>', sprite, name)


for _name in ("document", "phone", "money", "number", "percent", "time"):
    register.filter(_name, getattr(formats, _name))
register.filter("cep", formats.postal_code)
register.filter("short_date", formats.date)
register.filter("long_date", formats.long_date)
register.filter("date_time", formats.date_time)


@register.filter
def initials(name: str) -> str:
    """ "Maria da Silva" -> "MS"; of an address its first letter."""
    words = [word for word in name.replace("@", " ").split() if word[0].isupper()] or name.split()
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper() if words else "?"


@register.filter
def ago(moment: datetime | None) -> str:
    """How long ago, in one unit; empty for never."""
    if moment is None:
        return ""
    if (timezone.now() - moment).total_seconds() < 60:
        return _("just now")
    return _("%(time)s ago") % {"time": timesince(moment, depth=1)}


@register.filter
def control(field: BoundField, kind: str = "") -> SafeString:
    """A form field's widget as the look wants it: its class, and what ties it to its help and its errors."""
    widget = field.field.widget
    names = {"checkbox": "form-check-input", "select": "form-select"}
    attributes: dict[str, Any] = {"class": names.get(kind_of(field), "form-control")}
    described = []
    if field.help_text:
        described.append(f"{field.auto_id}-help")
    if field.errors:
        attributes["class"] += " is-invalid"
        attributes["aria-invalid"] = "true"
        described.append(f"{field.auto_id}-error")
    if described:
        attributes["aria-describedby"] = " ".join(described)
    if mask := getattr(field.field, "mask", "") or widget.attrs.get("data-mask"):
        attributes["data-mask"] = mask
        attributes.setdefault("inputmode", "numeric" if mask != "cpf-cnpj" else "text")
    return field.as_widget(attrs={**attributes, **({"data-kind": kind} if kind else {})})


@register.filter
def kind_of(field: BoundField) -> str:
    """ "checkbox", "select", "checkboxes" or "input": how the field component lays it out."""
    name = type(field.field.widget).__name__
    if name in {"CheckboxSelectMultiple", "RadioSelect"}:
        return "checkboxes"
    return {"CheckboxInput": "checkbox", "Select": "select", "NullBooleanSelect": "select"}.get(name, "input")


@register.filter
def count_errors(form: Any) -> str:
    """How many fields need another look, in words."""
    number = len(form.errors)
    return ngettext("One field needs another look.", "%(count)d fields need another look.", number) % {"count": number}


@register.simple_tag(takes_context=True)
def address_with(context: dict[str, Any], **changes: Any) -> str:
    """This page's address with some query parameters changed; None or "" takes one out."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        if value in (None, ""):
            query.pop(name, None)
        else:
            query[name] = str(value)
    return f"?{query.urlencode()}"
