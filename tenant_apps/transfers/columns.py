"""Which field a column leads to: by the words people put above it, else by what is in it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shared_apps.core.errors import FieldError
from tenant_apps.clients import documents, words
from tenant_apps.clients.models import CustomField

CUSTOM, PLACE = "custom.", "place."


@dataclass(frozen=True, slots=True)
class Field:
    """Something a column can fill. `synonyms`: headers that mean it, as `words.name_key` writes them, "|" between."""

    key: str
    label: str | Promise
    synonyms: str = ""


FIELDS = (
    Field("name", _("Name"), "nome|nome completo|cliente|nome do cliente|nome fantasia|fantasia|apelido|name|full name|"
          "client|client name|customer|customer name|contato|contact"),
    Field("legal_name", _("Legal name"), "razao social|razao|legal name|company name|empresa|company"),
    Field("document", _("CPF or CNPJ"), "cpf|cnpj|cpf cnpj|cpf ou cnpj|cnpj cpf|documento|doc|document|tax id|"
          "cpf or cnpj|numero do documento|inscricao"),
    Field("kind", _("Person or company"), "tipo|tipo de pessoa|tipo pessoa|pessoa|kind|type|person or company|"
          "pessoa ou empresa"),
    Field("phone", _("Phone"), "telefone|fone|tel|celular|whatsapp|telefone 1|celular whatsapp|telefone celular|phone|"
          "mobile|phone number|cell|cell phone|telefone principal"),
    Field("email", _("E-mail"), "email|e mail|mail|correio eletronico|email address|e mail 1|email 1"),
    Field("tags", _("Tags"), "etiquetas|etiqueta|tags|tag|marcadores|categoria|categorias|grupo|grupos|labels"),
    Field("notes", _("Notes"), "observacoes|observacao|obs|notas|nota|anotacoes|comentarios|notes|note|comments"),
    Field("place.label", _("Place: label"), "local|nome do local|place|place label|identificacao do endereco"),
    Field("place.street", _("Place: street"), "rua|logradouro|endereco|avenida|street|address|street address"),
    Field("place.number", _("Place: number"), "numero|num|n|no|nr|number|house number|numero do endereco"),
    Field("place.complement", _("Place: complement"), "complemento|compl|apto|complement|address line 2|unit"),
    Field("place.district", _("Place: district"), "bairro|district|neighborhood|neighbourhood"),
    Field("place.city", _("Place: city"), "cidade|municipio|city|town"),
    Field("place.state", _("Place: state"), "estado|uf|state|province"),
    Field("place.postal_code", _("Place: CEP"), "cep|codigo postal|postal code|zip|zip code|postcode"),
    Field("place.access_notes", _("Place: access notes"), "acesso|instrucoes de acesso|access|access notes|"
          "como chegar|referencia|ponto de referencia"),
)  # fmt: skip
_KEYS = {synonym: field.key for field in FIELDS for synonym in field.synonyms.split("|")}
_CEP = re.compile(r"\d{5}-?\d{3}")


def all_fields(custom_fields: Iterable[CustomField]) -> list[Field]:
    return [*FIELDS, *(Field(CUSTOM + field.key, field.label) for field in custom_fields)]


def by_header(header: str) -> str:
    """The field a header means, or nothing. Our own labels count too: an export can be imported."""
    key = words.name_key(header)
    return _KEYS.get(key, "") or next((field.key for field in FIELDS if words.name_key(str(field.label)) == key), "")


def by_content(cells: Iterable[str]) -> str:
    """The field whose look most of these cells have, or nothing."""
    cells = [cell for cell in cells if cell]
    for key, looks in _LOOKS:
        if cells and sum(map(looks, cells)) * 2 > len(cells):
            return key
    return ""


def suggest(
    headers: Sequence[str], samples: Sequence[Sequence[str]], custom_fields: Iterable[CustomField]
) -> dict[str, str]:
    """Column number as text -> field, each field once. Headers win over content; one column at least is the name."""
    own = {words.name_key(name): CUSTOM + field.key for field in custom_fields for name in (field.label, field.key)}
    width = max([len(headers), *map(len, samples)], default=0)
    found: dict[str, str] = {}
    for number in range(width):
        header = headers[number] if number < len(headers) else ""
        key = own.get(words.name_key(header)) or by_header(header)
        if key and key not in found.values():
            found[str(number)] = key
    for number in range(width):
        key = by_content(column_of(samples, number))
        if str(number) not in found and key and key not in found.values():
            found[str(number)] = key
    if "name" not in found.values():
        _name_one(found, samples, width)
    return found


def column_of(samples: Sequence[Sequence[str]], number: int) -> list[str]:
    return [row[number] if number < len(row) else "" for row in samples]


def fingerprint(headers: Sequence[str]) -> str:
    """The same for files with the same headers, however they are written; files without any have none."""
    keys = [words.name_key(header) for header in headers]
    return hashlib.sha256("\n".join(keys).encode()).hexdigest() if any(keys) else ""


def _name_one(found: dict[str, str], samples: Sequence[Sequence[str]], width: int) -> None:
    """A company's name will do for a name; else the first column of words."""
    legal_name = next((number for number, key in found.items() if key == "legal_name"), None)
    if legal_name is not None:
        found[legal_name] = "name"
        return
    for number in range(width):
        cells = [cell for cell in column_of(samples, number) if cell]
        if str(number) not in found and cells and not any(any(c.isdigit() for c in cell) for cell in cells):
            found[str(number)] = "name"
            return


def _is_email(cell: str) -> bool:
    try:
        validate_email(cell)
    except ValidationError:
        return False
    return True


def _is_document(cell: str) -> bool:
    try:
        return bool(documents.document(cell, company=len(documents.bare(cell)) == 14))
    except FieldError:
        return False


def _is_phone(cell: str) -> bool:
    try:
        return bool(documents.phone(cell))
    except FieldError:
        return False


def _is_cep(cell: str) -> bool:
    return bool(_CEP.fullmatch(cell))


def _is_state(cell: str) -> bool:
    return cell.upper() in documents.STATES


_LOOKS = (
    ("email", _is_email),
    ("document", _is_document),
    ("place.postal_code", _is_cep),
    ("phone", _is_phone),
    ("place.state", _is_state),
)
