"""PIX without a bank: keys, and the BR Code ("copia e cola") that every Brazilian banking app reads.

A BR Code is EMV's merchant-presented QR code: fields of a two-digit number, a two-digit length and a value, and at the
end a CRC16 over all of it (Banco Central, "Manual de Padrões para Iniciação do Pix").
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _
from stdnum.br import cnpj, cpf

from shared_apps.core.errors import FieldError
from tenant_apps.clients import documents
from tenant_apps.finance.money import MOST, rounded

GUI = "br.gov.bcb.pix"
LONGEST_NAME, LONGEST_CITY, LONGEST_TXID, LONGEST_KEY = 25, 15, 25, 77
ANY_TXID = "***"
_EVP = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def br_code(*, key: str, name: str, city: str, amount: Decimal | None = None, txid: str = "", message: str = "") -> str:
    """The text of a static PIX charge. Without `amount` the payer says how much.

    Accents are folded, what is too long is cut; `txid` keeps letters and digits only. Raises ValueError for an amount
    that no bank takes.
    """
    if amount is not None and not 0 < amount <= MOST:
        raise ValueError(f"no amount: {amount}")
    account = _field(0, GUI) + _field(1, key)
    note = folded(message)[: max(0, 99 - len(account) - 4)]
    fields = [
        _field(0, "01"),
        _field(26, account + (_field(2, note) if note else "")),
        _field(52, "0000"),
        _field(53, "986"),
        _field(54, f"{rounded(amount):.2f}") if amount is not None else "",
        _field(58, "BR"),
        _field(59, _named(name, LONGEST_NAME)),
        _field(60, _named(city, LONGEST_CITY)),
        _field(62, _field(5, re.sub(r"[^A-Za-z0-9]", "", txid)[:LONGEST_TXID] or ANY_TXID)),
    ]
    text = "".join(fields) + "6304"
    return text + crc16(text)


def is_sound(code: str) -> bool:
    """Whether the checksum at the end is that of the text."""
    return len(code) > 8 and code[-8:-4] == "6304" and crc16(code[:-4]) == code[-4:]


def crc16(text: str) -> str:
    """CRC-16/CCITT-FALSE (polynomial 0x1021, from 0xFFFF) as four hexadecimal digits."""
    crc = 0xFFFF
    for byte in text.encode():
        crc ^= byte << 8
        for _bit in range(8):
            crc = (crc << 1 ^ 0x1021 if crc & 0x8000 else crc << 1) & 0xFFFF
    return f"{crc:04X}"


def key(field: str, typed: str) -> str:
    """A key in the one form that banks take: CPF, CNPJ, phone (+55...), e-mail or random. Raises FieldError."""
    bare = typed.strip()
    if not bare:
        return ""
    lower = bare.lower()
    if len(bare) <= LONGEST_KEY:
        if "@" in bare:
            try:
                validate_email(lower)
            except ValidationError:
                pass
            else:
                return lower
        elif _EVP.fullmatch(lower):
            return str(UUID(lower))
        elif not bare.startswith("+"):
            number = documents.bare(bare).strip("()")
            for length, validator in ((11, cpf), (14, cnpj)):
                if len(number) == length and len(set(number)) > 1 and validator.is_valid(number):
                    return number
        if phone := documents.phone_or_none(bare):
            return phone
    text = _("This is no PIX key. It is a CPF, a CNPJ, an e-mail, a phone with area code or the bank's random key.")
    raise FieldError(field, text, "invalid_pix_key")


def name(typed: str) -> str:
    """The receiver's name as it goes into the code."""
    return _cut(typed, LONGEST_NAME)


def city(typed: str) -> str:
    return _cut(typed, LONGEST_CITY)


def folded(text: str) -> str:
    """Without accents and whatever else is not plain printable ASCII; one space between words."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return " ".join("".join(one if one.isprintable() else " " for one in plain).split())


def _named(text: str, longest: int) -> str:
    return _cut(text, longest) or "N"  # the field may not be empty


def _cut(text: str, longest: int) -> str:
    return folded(text)[:longest].strip()


def _field(number: int, value: str) -> str:
    if len(value) > 99:
        raise ValueError("a field of a BR Code has at most 99 characters")
    return f"{number:02}{len(value):02}{value}"
