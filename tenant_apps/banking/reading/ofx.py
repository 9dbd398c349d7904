"""OFX 1 (SGML) and 2 (XML), as banks really write it: no closing tags, broken headers, decimal commas.

There is no SGML or XML parser in it: tags are read one after the other and only those of movements are looked at, so
what a bank leaves out or puts in beside them does not matter, and no entity of a document can be declared or unfolded.
ofxtools, which reads OFX by the book, refuses most files with such faults; the tests compare with it where it reads.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape

from django.utils.translation import gettext as _

from tenant_apps.banking.errors import Unreadable
from tenant_apps.banking.reading import lines
from tenant_apps.banking.reading.lines import BankFile, BankLine

_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9._]{0,31})\s*>([^<]*)")
_HOSTILE = re.compile(r"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_OUT = {"DEBIT", "PAYMENT", "CHECK", "FEE", "SRVCHG", "ATM", "POS", "DIRECTDEBIT", "REPEATPMT", "CASH"}
_ENDS = {"STMTTRN", "BANKTRANLIST", "STMTRS", "CCSTMTRS", "OFX"}


def is_ofx(text: str) -> bool:
    head = text[:4096].upper()
    return "OFXHEADER" in head or "<OFX>" in head


def read_ofx(text: str) -> BankFile:
    """Raises Unreadable."""
    if _HOSTILE.search(text):
        raise Unreadable(_("This file declares entities, which no bank does. It was not read."))
    found: list[BankLine] = []
    kinds: list[str] = []
    for number, (account, movement) in enumerate(_movements(text), start=1):
        line = _line(account, movement, number)
        if line.amount:
            found.append(line)
            kinds.append(movement.get("TRNTYPE", "").upper())
    if found and not any(line.amount < 0 for line in found):  # a bank that says the direction by the type alone
        found = [
            replace(line, amount=-line.amount) if kind in _OUT else line
            for line, kind in zip(found, kinds, strict=True)
        ]
    return BankFile(found[0].account if found else "", found)


def _movements(text: str) -> Iterator[tuple[str, dict[str, str]]]:
    """(account, tag -> value) of each movement."""
    numbers: dict[str, str] = {}
    movement: dict[str, str] | None = None
    for closing, name, value in _TAG.findall(text):
        name, value = name.upper(), unescape(value).strip()
        if movement is not None and name in _ENDS:
            yield _account(numbers), movement
            movement = None
        if closing:
            continue
        if name == "STMTTRN":
            movement = {}
        elif name in {"BANKACCTFROM", "CCACCTFROM"} and movement is None:
            numbers = {}
        elif movement is not None:
            movement.setdefault(name, value)
        elif name in {"BANKID", "BRANCHID", "ACCTID"}:
            numbers[name] = value
    if movement is not None:  # the file was cut off
        yield _account(numbers), movement


def _account(numbers: dict[str, str]) -> str:
    return "/".join(value for name in ("BANKID", "BRANCHID", "ACCTID") if (value := numbers.get(name)))[:60]


def _line(account: str, movement: dict[str, str], number: int) -> BankLine:
    on, amount = lines.day(movement.get("DTPOSTED", "")), lines.amount(movement.get("TRNAMT", ""))
    if on is None:
        raise Unreadable(_("Movement %(number)d has no date that can be read."), number=number)
    if amount is None:
        raise Unreadable(_("Movement %(number)d has no amount that can be read."), number=number)
    said = lines.memo(movement.get("NAME", ""), movement.get("MEMO", "")) or lines.memo(movement.get("TRNTYPE", ""))
    return BankLine(on, amount, said, bank_id=movement.get("FITID", ""), account=account)
