"""What both formats come to: movements with a date, an amount and a name of their own."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation

MAX_LINES = 20_000
MOST = Decimal("9999999999.99")
CENT = Decimal("0.01")
_FIRST, _LAST = date(1990, 1, 1), date(2100, 1, 1)
_YEAR_FIRST = re.compile(r"(\d{4})(?:-?(\d{2})-?(\d{2}))(?!\d{1,5}$)")
_DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})(?!\d)")
_AMOUNT = re.compile(r"[+-]?(?:\d{1,3}(?:[., ]\d{3})+|\d+)(?:[.,]\d{1,6})?")


@dataclass(frozen=True, slots=True)
class BankLine:
    """`amount` is negative when money went out. `bank_id` is the bank's, empty where it gave none."""

    on: date
    amount: Decimal
    memo: str
    bank_id: str = ""
    account: str = ""


@dataclass(frozen=True, slots=True)
class BankFile:
    account: str
    lines: list[BankLine]


def with_ids(lines: Iterable[BankLine]) -> list[BankLine]:
    """Every line with an identifier that is the same in every file of that account.

    The bank's where it tells lines apart; some give none, zeros, or one for several lines. Then it is made of the
    content, and of the how-manieth of its like it is: two equal coffees on one day are two lines.
    """
    lines = list(lines)
    given = Counter((line.account, line.bank_id) for line in lines)
    seen: Counter[tuple[str, ...]] = Counter()
    made = []
    for line in lines:
        if line.bank_id.strip("0") and given[line.account, line.bank_id] == 1:
            made.append(replace(line, bank_id=line.bank_id[:120]))
            continue
        content = (line.account, line.bank_id, line.on.isoformat(), str(line.amount), line.memo)
        seen[content] += 1
        digest = hashlib.sha256("\x1f".join((*content, str(seen[content]))).encode()).hexdigest()[:32]
        made.append(replace(line, bank_id=f"~{digest}"))
    return made


def amount(text: str) -> Decimal | None:
    """ "-1.234,56", "1,234.56", "R$ 10", "(5,00)", "12,50 D" -> Decimal; None: that is no amount."""
    bare = text.strip().replace("\xa0", " ").replace("R$", "").replace("−", "-").strip()
    negative = False
    if bare.startswith("(") and bare.endswith(")"):
        bare, negative = bare[1:-1].strip(), True
    if bare[-1:].upper() in {"D", "C"}:
        negative, bare = bare[-1:].upper() == "D", bare[:-1].strip()
    if bare.endswith("-"):
        negative, bare = True, bare[:-1].strip()
    bare = re.sub(r"^([+-])\s+", r"\1", bare)
    if not _AMOUNT.fullmatch(bare):
        return None
    point = max(bare.rfind("."), bare.rfind(","))
    places = len(bare) - point - 1
    # One mark with three digits after it ("1.234") is a thousands mark; banks write cents with two.
    if point >= 0 and (places != 3 or (bare.count(".") and bare.count(","))):
        whole, cents = bare[:point], bare[point + 1 :]
    else:
        whole, cents = bare, ""
    try:
        value = Decimal(f"{re.sub(r'[., ]', '', whole)}.{cents or '0'}").quantize(CENT)
    except InvalidOperation:
        return None
    if abs(value) > MOST:
        return None
    return -abs(value) if negative else value


def day(text: str) -> date | None:
    """ "20261125120000[-3:BRT]", "2026-11-25", "25/11/2026", "25/11/26" -> date; None: that is no date."""
    text = text.strip()
    if found := _YEAR_FIRST.match(text):
        year, month, on = found.groups()
    elif found := _DAY_FIRST.match(text):
        on, month, year = found.groups()
    else:
        return None
    try:
        made = date(int(year) + (2000 if len(year) == 2 else 0), int(month), int(on))
    except ValueError:
        return None
    return made if _FIRST <= made < _LAST else None


def memo(*parts: str) -> str:
    """The parts that say something, each once, in one line."""
    said: list[str] = []
    for part in parts:
        clean = " ".join(part.split())
        if clean and not any(clean.casefold() in one.casefold() for one in said):
            said.append(clean)
    return " · ".join(said)[:300]
