"""From a row of text to a client: the rules of forms and API, each refusal in words that name the column's field."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from shared_apps.core.errors import FieldError
from tenant_apps.clients import custom, documents, words
from tenant_apps.clients.errors import InvalidCustom
from tenant_apps.clients.models import Client, CustomField, Place
from tenant_apps.transfers import columns
from tenant_apps.transfers.sheets.reading import UNREADABLE

MAX_TAGS, MAX_TAG, MAX_NOTES = 20, 40, 5000
_YES = frozenset({"sim", "s", "yes", "y", "true", "verdadeiro", "1", "x"})
_NO = frozenset({"nao", "n", "no", "false", "falso", "0"})
_COMPANY = frozenset({"company", "empresa", "pj", "juridica", "pessoa juridica", "j", "cnpj"})
_PERSON = frozenset({"person", "pessoa", "pf", "fisica", "pessoa fisica", "f", "cpf"})
_DATES = ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d/%m/%y")
_LIMITS: dict[str, int] = {
    name: getattr(model._meta.get_field(name), "max_length", 0)
    for model, names in (
        (Client, ("name", "legal_name")),
        (Place, ("label", "street", "number", "complement", "district", "city")),
    )
    for name in names
}


@dataclass(slots=True)
class Record:
    """A row as a client: only what is filled in. `custom` is still unchecked: its rules depend on the client."""

    number: int  # of the row in the file
    fields: dict[str, Any] = field(default_factory=dict)
    place: dict[str, str] = field(default_factory=dict)
    custom: dict[str, Any] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)

    @property
    def document(self) -> str:
        return str(self.fields.get("document", ""))

    @property
    def email(self) -> str:
        return str(self.fields.get("email", "")).lower()


class Checker:
    """Checks the rows of one file. `mapping`: column number as text -> field."""

    def __init__(self, mapping: Mapping[str, str], custom_fields: Iterable[CustomField]) -> None:
        self.custom_fields = list(custom_fields)
        known = {field.key: field for field in columns.all_fields(self.custom_fields)}
        self.columns = [(int(number), known[key]) for number, key in mapping.items() if key in known]
        self.types = {field.key: field for field in self.custom_fields}

    def record(self, number: int, cells: list[str]) -> Record:
        """What the row says, tidied; what is wrong with it is in `errors`."""
        record = Record(number)
        typed: dict[str, str] = {}
        for at, column in self.columns:
            cell = cells[at] if at < len(cells) else ""
            if UNREADABLE in cell:
                self._refuse(record, column.key, _("It holds characters that cannot be read."))
            elif cell:
                typed[column.key] = cell
        self._kind_first(record, typed)
        for key, cell in typed.items():
            try:
                self._take(record, key, cell)
            except FieldError as error:
                self._refuse(record, key, error.detail)
        if "name" not in record.fields and not any(key == "name" for key in self._refused(record)):
            self._refuse(record, "name", _("It is missing."))
        return record

    def custom_of(self, record: Record, current: Mapping[str, Any]) -> dict[str, Any]:
        """The client's custom values with the row's put in. What is refused is added to the row's errors."""
        try:
            return custom.merged(current, record.custom, self.custom_fields)
        except InvalidCustom as error:
            for one in error.extra["errors"]:
                self._refuse(record, one["field"], one["message"])
            return dict(current)

    def _kind_first(self, record: Record, typed: dict[str, str]) -> None:
        """The document's rule depends on the kind: as the row says, else as the document's length tells."""
        said = words.name_key(typed.pop("kind", ""))
        length = len(documents.bare(typed.get("document", "")))
        if said in _COMPANY or (not said and length in (12, 13, 14)):
            record.fields["kind"] = Client.Kind.COMPANY
        elif said in _PERSON or (not said and length):
            record.fields["kind"] = Client.Kind.PERSON
        elif said:
            self._refuse(record, "kind", _("Say person or company."))

    def _take(self, record: Record, key: str, cell: str) -> None:
        """Raises FieldError."""
        if key.startswith(columns.CUSTOM):
            name = key.removeprefix(columns.CUSTOM)
            record.custom[name] = _custom_value(self.types[name], cell)
        elif key.startswith(columns.PLACE):
            name = key.removeprefix(columns.PLACE)
            record.place[name] = _place_value(name, cell)
        else:
            record.fields[key] = _client_value(key, cell, record.fields.get("kind", Client.Kind.PERSON))

    def _refuse(self, record: Record, key: str, why: str) -> None:
        label = next((column.label for _number, column in self.columns if column.key == key), None)
        if label is None:
            known = {field.key: field.label for field in columns.all_fields(self.custom_fields)}
            label = known.get(key, key)
        record.errors.append(f"{label}: {why}")

    def _refused(self, record: Record) -> set[str]:
        labels = {str(column.label): column.key for _number, column in self.columns}
        return {labels[label] for error in record.errors if (label := error.partition(": ")[0]) in labels}


def _client_value(key: str, cell: str, kind: str) -> Any:
    match key:
        case "document":
            return _document(cell, company=kind == Client.Kind.COMPANY)
        case "phone":
            return documents.phone(cell)
        case "email":
            try:
                validate_email(cell)
            except ValidationError:
                raise FieldError("email", _("This is not a valid e-mail address.")) from None
            return _short("email", cell, 254)
        case "tags":
            return _tags(cell)
        case "notes":
            return _short("notes", cell, MAX_NOTES)
        case _:
            return _short(key, " ".join(cell.split()), _LIMITS[key])


def _place_value(name: str, cell: str) -> str:
    match name:
        case "state":
            return documents.state(cell)
        case "postal_code":
            return documents.postal_code(cell.zfill(8) if cell.isdecimal() and len(cell) == 7 else cell)
        case "access_notes":
            return _short(name, cell, MAX_NOTES)
        case _:
            return _short(name, " ".join(cell.split()), _LIMITS[name])


def _document(cell: str, *, company: bool) -> str:
    """Spreadsheets take a document for a number and drop the zeros before it: they are put back where that fits."""
    number, length = documents.bare(cell), 14 if company else 11
    if number.isdecimal() and length - 3 <= len(number) < length:
        number = number.zfill(length)
    return documents.document(number, company=company)


def _tags(cell: str) -> list[str]:
    tags = [tag for typed in re.split(r"[,;|\n]", cell.lower()) if (tag := " ".join(typed.split()))]
    for tag in tags:
        _short("tags", tag, MAX_TAG)
    if len(tags) > MAX_TAGS:
        raise FieldError("tags", _("At most %(limit)s tags.") % {"limit": MAX_TAGS})
    return list(dict.fromkeys(tags))


def _custom_value(field: CustomField, cell: str) -> Any:
    """What the cell means for a field of this type; as it is when it means nothing, for the rule to refuse."""
    match field.type:
        case CustomField.Type.NUMBER:
            return _number(cell)
        case CustomField.Type.BOOL:
            said = words.name_key(cell)
            return True if said in _YES else False if said in _NO else cell
        case CustomField.Type.DATE:
            return _date(cell)
        case CustomField.Type.CHOICE:
            same = {words.name_key(choice): choice for choice in field.choices}
            return same.get(words.name_key(cell), cell)
        case _:
            return cell


def _number(cell: str) -> Any:
    """ "1.234,5" and "1234.5" are the same number."""
    text = cell.replace(" ", "").replace("\u00a0", "")
    if "," in text:
        text = text.replace(".", "").replace(",", ".")
    try:
        number = float(text)
    except ValueError:
        return cell
    return int(number) if number.is_integer() and abs(number) < 1e15 else number


def _date(cell: str) -> str:
    for pattern in _DATES:
        try:
            return datetime.strptime(cell[:10], pattern).date().isoformat()  # noqa: DTZ007 - a day, no moment
        except ValueError:
            continue
    return cell


def _short(name: str, text: str, limit: int) -> str:
    if len(text) > limit:
        raise FieldError(name, _("At most %(limit)s characters.") % {"limit": limit})
    return text
