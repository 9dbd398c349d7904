"""CPF, CNPJ, phone numbers and CEP: what people type, and the one form in which it is kept."""

from __future__ import annotations

import re

import phonenumbers
from django.utils.translation import gettext as _
from stdnum.br import cnpj, cpf

from shared_apps.core.errors import FieldError

_PUNCTUATION = re.compile(r"[\s./-]+")
STATES = (
    "AC", "AL", "AM", "AP", "BA", "CE", "DF", "ES", "GO", "MA", "MG", "MS", "MT", "PA", "PB", "PE", "PI", "PR", "RJ",
    "RN", "RO", "RR", "RS", "SC", "SE", "SP", "TO",
)  # fmt: skip


def document(typed: str, *, company: bool) -> str:
    """A CPF (11 digits) or CNPJ (14 characters, letters since 2026) without punctuation. Raises FieldError.

    Numbers of one repeated digit have right check digits and belong to nobody.
    """
    number = bare(typed)
    if not number:
        return ""
    validator, shape = (cnpj, r"[0-9A-Z]{12}[0-9]{2}") if company else (cpf, r"[0-9]{11}")
    if not re.fullmatch(shape, number) or len(set(number)) == 1 or not validator.is_valid(number):
        name = "CNPJ" if company else "CPF"
        raise FieldError("document", _("This is not a valid %(document)s."), "invalid_document", document=name)
    return number


def bare(typed: str) -> str:
    """A document as it is kept, unchecked."""
    return _PUNCTUATION.sub("", typed).upper()


def phone(typed: str, *, region: str = "BR") -> str:
    """E.164 ("+5511987654321"). A number without a country code is of `region`. Raises FieldError."""
    if not typed.strip():
        return ""
    try:
        number = phonenumbers.parse(typed, region)
    except phonenumbers.NumberParseException:
        number = None
    if number is None or number.extension or not phonenumbers.is_valid_number(number):
        raise FieldError("phone", _("This is not a valid phone number. Give the area code too."), "invalid_phone")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def postal_code(typed: str) -> str:
    """A CEP as 8 digits. Raises FieldError."""
    number = _PUNCTUATION.sub("", typed)
    if number and not re.fullmatch(r"[0-9]{8}", number):
        raise FieldError("postal_code", _("A CEP has 8 digits."), "invalid_postal_code")
    return number


def state(typed: str) -> str:
    """A Brazilian state's two letters. Raises FieldError."""
    letters = typed.strip().upper()
    if letters and letters not in STATES:
        raise FieldError("state", _("This is not a Brazilian state, such as SP."), "invalid_state")
    return letters


def postal_code_or_none(typed: str) -> str:
    """A CEP as 8 digits, or nothing."""
    number = _PUNCTUATION.sub("", typed)
    return number if re.fullmatch(r"[0-9]{8}", number) else ""


def phone_or_none(typed: str) -> str:
    """E.164, or nothing."""
    try:
        return phone(typed)
    except FieldError:
        return ""
