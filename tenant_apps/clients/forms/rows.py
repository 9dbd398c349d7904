"""The forms a client's page consists of. Each knows what it showed (`seen`), and so what its reader touched."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shared_apps.core.errors import FieldError
from shared_apps.web.forms import Form, TextField
from tenant_apps.clients import documents
from tenant_apps.clients.models import Client, CustomField

_MARKS = re.compile(r"[\W_]+")
MAX_TAGS, MAX_TAG, MAX_NOTES = 20, 40, 5000
MAX_FIELD = 500


class SeenForm(Form):
    """A form of one stored thing. `seen`: the texts that its fields held when the page was made, as JSON.

    Only what differs from that is saved, so that who changes a phone does not undo somebody else's new e-mail.
    """

    id = forms.UUIDField(required=False, widget=forms.HiddenInput)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    seen = forms.CharField(required=False, widget=forms.HiddenInput, max_length=60_000)

    HIDDEN = frozenset({"id", "version", "seen", "DELETE"})

    def typed(self) -> list[str]:
        """The names of the fields a person sees."""
        return [name for name in self.fields if name not in self.HIDDEN]

    def raw(self, name: str) -> str:
        """What arrived for a field, as it was typed."""
        return str(self.data.get(self.add_prefix(name), "")).replace("\r\n", "\n").strip()

    def is_blank(self) -> bool:
        """Nothing was typed (what is chosen from a list does not count)."""
        return not any(self.raw(name) for name in self.typed() if not isinstance(self.fields[name], forms.ChoiceField))

    def shown(self) -> dict[str, str]:
        """What the page held when it was made; empty for something new."""
        return read_seen(self.raw("seen"))

    def touched(self) -> set[str]:
        shown = self.shown()
        return {name for name in self.typed() if not same(self.raw(name), shown.get(name, ""), self.fields[name])}


def read_seen(text: str) -> dict[str, str]:
    """Whatever arrived: texts by name, or nothing."""
    try:
        read = json.loads(text or "{}")
    except ValueError:
        return {}
    return {str(name): str(value) for name, value in read.items()} if isinstance(read, dict) else {}


def same(one: str, other: str, field: forms.Field) -> bool:
    """Punctuation that a mask puts in is no difference."""
    if getattr(field, "mask", ""):
        return _MARKS.sub("", one).casefold() == _MARKS.sub("", other).casefold()
    return one.replace("\r\n", "\n").strip() == other.replace("\r\n", "\n").strip()


def checked(check: Any, value: str, **options: Any) -> str:
    """A rule of the services, said beside the field at once with the others."""
    try:
        return check(value, **options)
    except FieldError as error:
        raise forms.ValidationError(error.detail, code=error.code) from error


class ClientForm(SeenForm):
    kind = forms.ChoiceField(
        label=gettext_lazy("This client is a"), choices=Client.Kind.choices, initial="person", widget=forms.RadioSelect
    )
    name = TextField(limit=160, label=gettext_lazy("Name"), widget=forms.TextInput(attrs={"autocomplete": "off"}))
    legal_name = TextField(limit=160, label=gettext_lazy("Legal name"), required=False)
    document = TextField(limit=40, mask="cpf-cnpj", label=gettext_lazy("CPF or CNPJ"), required=False)
    phone = TextField(
        limit=40,
        mask="phone",
        label=gettext_lazy("Phone"),
        required=False,
        help_text=gettext_lazy("With the area code. A foreign number begins with +."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "type": "tel"}),
    )
    email = forms.EmailField(label=gettext_lazy("E-mail"), max_length=254, required=False)
    tags = TextField(
        limit=MAX_TAGS * (MAX_TAG + 2),
        label=gettext_lazy("Tags"),
        required=False,
        help_text=gettext_lazy("Words to find them by, with commas between: vip, condomínio."),
    )
    notes = TextField(limit=MAX_NOTES, rows=3, label=gettext_lazy("Notes"), required=False)

    def __init__(self, *args: Any, custom: Iterable[CustomField], **options: Any) -> None:
        super().__init__(*args, **options)
        self.custom = list(custom)
        for field in self.custom:
            self.fields[f"custom_{field.key}"] = custom_field(field)

    def custom_fields(self) -> list[forms.BoundField]:
        return [self[f"custom_{field.key}"] for field in self.custom]

    def clean_document(self) -> str:
        company = self.data.get(self.add_prefix("kind")) == Client.Kind.COMPANY
        return checked(documents.document, self.cleaned_data["document"], company=company)

    def clean_phone(self) -> str:
        return checked(documents.phone, self.cleaned_data["phone"])

    def clean_tags(self) -> list[str]:
        tags = [tag for typed in self.cleaned_data["tags"].split(",") if (tag := " ".join(typed.split()))]
        if len(tags) > MAX_TAGS or any(len(tag) > MAX_TAG for tag in tags):
            limits = {"tags": MAX_TAGS, "limit": MAX_TAG}
            raise forms.ValidationError(_("At most %(tags)s tags of %(limit)s characters.") % limits)
        return tags

    def values(self) -> dict[str, Any]:
        """What was touched, as the services take it."""
        touched = self.touched()
        if touched & {"kind", "document"}:
            touched |= {"kind", "document"}  # one says how the other is read
        values = {name: self.cleaned_data[name] for name in touched if not name.startswith("custom_")}
        custom = {
            field.key: custom_value(field, self.cleaned_data.get(name))
            for field in self.custom
            if (name := f"custom_{field.key}") in touched
        }
        return values | ({"custom": custom} if custom else {})


class PlaceForm(SeenForm):
    label = TextField(
        limit=80,
        label=gettext_lazy("Name of the place"),
        required=False,
        help_text=gettext_lazy("House, office, beach"),
    )
    postal_code = TextField(limit=20, mask="cep", label=gettext_lazy("CEP"), required=False)
    street = TextField(limit=160, label=gettext_lazy("Street"), required=False)
    number = TextField(limit=20, label=gettext_lazy("Number"), required=False)
    complement = TextField(limit=80, label=gettext_lazy("Complement"), required=False)
    district = TextField(limit=80, label=gettext_lazy("District"), required=False)
    city = TextField(limit=80, label=gettext_lazy("City"), required=False)
    state = forms.ChoiceField(
        label=gettext_lazy("State"), required=False, choices=[("", "–"), *((uf, uf) for uf in documents.STATES)]
    )
    access_notes = TextField(limit=MAX_NOTES, rows=2, label=gettext_lazy("How to get in"), required=False)

    def clean_postal_code(self) -> str:
        return checked(documents.postal_code, self.cleaned_data["postal_code"])


KINDS = [
    ("pool", gettext_lazy("Swimming pool")),
    ("spa", gettext_lazy("Hot tub")),
    ("fountain", gettext_lazy("Fountain")),
    ("tank", gettext_lazy("Water tank")),
    ("other", gettext_lazy("Other")),
]


class AssetForm(SeenForm):
    kind = forms.ChoiceField(label=gettext_lazy("What it is"), choices=KINDS, initial="pool")
    name = TextField(limit=80, label=gettext_lazy("Name"))
    volume_m3 = forms.DecimalField(
        label=gettext_lazy("Volume (m³)"), required=False, min_value=0, max_digits=9, decimal_places=2, localize=True
    )
    surface_m2 = forms.DecimalField(
        label=gettext_lazy("Surface (m²)"), required=False, min_value=0, max_digits=9, decimal_places=2, localize=True
    )
    filter = TextField(limit=80, label=gettext_lazy("Filter"), required=False)
    notes = TextField(limit=MAX_NOTES, rows=2, label=gettext_lazy("Notes"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        own = self.shown().get("kind") if self.is_bound else (self.initial or {}).get("kind")
        if own and own not in dict(KINDS):  # made by the API, which takes any word
            self.fields["kind"].choices = [*KINDS, (own, own)]  # type: ignore[attr-defined] # a ChoiceField's


def kind_label(kind: str) -> str:
    return str(dict(KINDS).get(kind, kind))


def custom_field(field: CustomField) -> forms.Field:
    """The form's field for one the organization defined."""
    options: dict[str, Any] = {"label": field.label, "required": field.required}
    match field.type:
        case CustomField.Type.NUMBER:
            return forms.DecimalField(max_digits=24, localize=True, **options)
        case CustomField.Type.CHOICE:
            return forms.ChoiceField(choices=[("", "–"), *((one, one) for one in field.choices)], **options)
        case CustomField.Type.DATE:
            return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options)
        case CustomField.Type.BOOL:
            return forms.ChoiceField(choices=[("", "–"), ("true", _("yes")), ("false", _("no"))], **options)
    return TextField(limit=MAX_FIELD, **options)


def custom_value(field: CustomField, cleaned: Any) -> Any:
    """The JSON value of what the form read; None: none."""
    if cleaned in (None, ""):
        return None
    match field.type:
        case CustomField.Type.DATE:
            return cleaned.isoformat()
        case CustomField.Type.BOOL:
            return cleaned == "true"
        case CustomField.Type.NUMBER:
            return int(cleaned) if cleaned == int(cleaned) else float(cleaned)
    return cleaned
