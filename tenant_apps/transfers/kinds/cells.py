"""Cells of money, days, hours and names, as people write them in spreadsheets. Each refusal names the field."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from shared_apps.core.errors import FieldError
from tenant_apps.clients import documents, words
from tenant_apps.clients.models import Client
from tenant_apps.transfers.kinds.base import Taking

_DAYS = ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d/%m/%y")
_CURRENCY = re.compile(r"R\$|US\$|[$€£\s]|\b(?:BRL|USD|EUR)\b", re.IGNORECASE)
_AMOUNT = re.compile(r"[+-]?\d[\d.,]*", re.ASCII)
_HOUR = re.compile(r"(\d{1,2})(?:[:h](\d{2}))?(?::\d{2})?h?")


def money(field: str, cell: str) -> Decimal:
    """ "R$ 1.234,50", "1,234.50" and "1234.5" are the same; the last mark is the decimal one. "(5)" is -5."""
    text = _CURRENCY.sub("", cell).replace("−", "-")
    if text.startswith("(") and text.endswith(")"):
        text = f"-{text[1:-1]}"
    if not _AMOUNT.fullmatch(text):  # "1e30" is not 130, nor "12 x 50" 1250
        raise FieldError(field, _("This is not an amount."))
    comma, dot = text.rfind(","), text.rfind(".")
    if comma > dot:
        text = text.replace(".", "").replace(",", ".")
    elif text.count(".") > 1 or (text.count(".") == 1 and comma == -1 and re.fullmatch(r"-?\d{1,3}\.\d{3}", text)):
        text = text.replace(".", "")
    else:
        text = text.replace(",", "")
    try:
        amount = Decimal(text)
    except InvalidOperation:
        raise FieldError(field, _("This is not an amount.")) from None
    if not amount.is_finite() or abs(amount) > Decimal("9999999999"):
        raise FieldError(field, _("This is not an amount."))
    return amount.quantize(Decimal("0.01"))


def day(field: str, cell: str) -> date:
    for pattern in _DAYS:
        try:
            return datetime.strptime(cell.strip().split(" ")[0].split("T")[0], pattern).date()  # noqa: DTZ007 - a day
        except ValueError:
            continue
    raise FieldError(field, _("This is not a date."))


def hour(field: str, cell: str) -> time | None:
    """ "14:30", "14h30", "14h", also after a date; None for an empty cell."""
    text = cell.strip().lower()
    if not text:
        return None
    found = _HOUR.fullmatch(re.split(r"[ t]", text)[-1])
    try:
        return time(int(found[1]), int(found[2] or 0)) if found else _refuse(field)
    except ValueError:
        return _refuse(field)


def _refuse(field: str) -> time:
    raise FieldError(field, _("This is not a time of day."))


def client(taking: Taking, cell: str) -> Client | None:
    """By CPF or CNPJ, by e-mail, or by the whole name, if one standing client alone has it."""
    key = cell.strip()
    if key not in taking.found:
        standing = Client.objects.standing().defer("search")
        bare = documents.bare(key)
        if "@" in key:
            named = standing.filter(email__iexact=key)
        elif bare.isdecimal() and len(bare) in (11, 14):
            named = standing.filter(document=bare)
        else:
            named = standing.filter(name_key=words.name_key(key))
        some = list(named[:2])
        if len(some) > 1:
            raise FieldError("client", _("More than one client is called so. Use the CPF, CNPJ or e-mail."))
        taking.found[key] = some[0] if some else None
    found: Client | None = taking.found[key]
    return found


def choice(field: str, cell: str, meanings: Mapping[str, str]) -> str:
    """What the cell's words mean; `meanings`: as `words.name_key` writes them."""
    found = meanings.get(words.name_key(cell))
    if found is None:
        raise FieldError(field, _("We do not know this word."))
    return found
