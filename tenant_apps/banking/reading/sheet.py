"""CSV as banks export it: a title or two, a header in Portuguese or English, one movement a row."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

from django.utils.translation import gettext as _

from tenant_apps.banking.errors import Unreadable
from tenant_apps.banking.reading import lines
from tenant_apps.banking.reading.lines import BankFile, BankLine
from tenant_apps.clients.words import normalise

DELIMITERS = ";,\t|"
HEAD = 30  # rows in which the header is looked for
_NAMES = {
    "on": ("data", "date", "data lancamento", "data do lancamento", "data movimento", "data mov", "dt movimento",
           "data da transacao", "data contabil"),
    "amount": ("valor", "amount", "valor r", "valor lancamento", "valor da transacao", "value", "valor brl"),
    "credit": ("credito", "credit", "entrada", "entradas", "credito r"),
    "debit": ("debito", "debit", "saida", "saidas", "debito r"),
    "kind": ("tipo", "d c", "dc", "natureza", "type", "c d", "debito credito"),
    "bank_id": ("identificador", "id", "fitid", "codigo", "codigo da transacao", "id da transacao"),
}  # fmt: skip
_MEMO = {
    "descricao", "historico", "lancamento", "memo", "title", "description", "detalhes", "detalhe", "favorecido",
    "nome", "titulo", "transacao", "complemento", "estabelecimento", "razao social", "details",
}  # fmt: skip
Columns = dict[str, int]


def read_sheet(text: str) -> BankFile:
    """Raises Unreadable."""
    rows = _rows(text)
    at, columns, memos = _header(rows)
    found = []
    for number, row in enumerate(rows[at + 1 :], start=at + 2):
        cells = dict(enumerate(cell.strip() for cell in row))
        on = lines.day(cells.get(columns["on"], ""))
        said = lines.memo(*(cells.get(column, "") for column in memos))
        if on is None or normalise(said).startswith("saldo"):
            continue  # totals, balances, remarks
        amount = _amount(cells, columns)
        if amount is None:
            raise Unreadable(_("Row %(row)d has no amount that can be read."), row=number)
        if amount:
            found.append(BankLine(on, amount, said, bank_id=cells.get(columns.get("bank_id", -1), "")))
    return BankFile("", found)


def _rows(text: str) -> list[list[str]]:
    head = "\n".join(text.splitlines()[:HEAD])
    delimiter = max(DELIMITERS, key=head.count)
    try:
        return list(csv.reader(io.StringIO(text), delimiter=delimiter))
    except csv.Error as error:
        raise Unreadable(_("This file cannot be read as a table. Ask the bank for OFX.")) from error


def _header(rows: list[list[str]]) -> tuple[int, Columns, list[int]]:
    for at, row in enumerate(rows[:HEAD]):
        names = [" ".join("".join(c if c.isalnum() else " " for c in normalise(cell)).split()) for cell in row]
        columns = {
            ours: names.index(theirs)
            for ours, known in _NAMES.items()
            if (theirs := next((name for name in known if name in names), None))
        }
        if "on" in columns and ("amount" in columns or columns.keys() & {"credit", "debit"}):
            return at, columns, [number for number, name in enumerate(names) if name in _MEMO]
    raise Unreadable(_("No row names a date and an amount. The first row should say: date, description, amount."))


def _amount(cells: dict[int, str], columns: Columns) -> Decimal | None:
    """None: cannot be read; zero: nothing moved."""
    if "amount" in columns:
        value = lines.amount(cells.get(columns["amount"], ""))
        kind = normalise(cells.get(columns.get("kind", -1), ""))
        return -abs(value) if value is not None and kind in {"d", "debito", "debit", "saida"} else value
    credit, debit = (cells.get(columns.get(name, -1), "") for name in ("credit", "debit"))
    came, went = lines.amount(credit or "0"), lines.amount(debit or "0")
    return None if came is None or went is None else abs(came) - abs(went)
