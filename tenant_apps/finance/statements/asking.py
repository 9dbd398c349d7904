"""What an address asks of a statement. Pages forgive and fall back; the API refuses by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from tenant_apps.finance.statements import periods
from tenant_apps.finance.statements.cash_flow import ZERO
from tenant_apps.finance.statements.income import BASES
from tenant_apps.finance.statements.periods import Period

Read = Callable[[str], str]  # the value of a parameter, stripped; empty when it is not there
Refuse = Callable[[str, str], None]  # (parameter, message): raises, or does nothing
MOST = Decimal("999999999999.99")
WAYS = ("month", "day")


@dataclass(frozen=True, slots=True)
class Asked:
    period: Period
    by: str = "month"
    basis: str = "accrual"
    opening: Decimal = ZERO


def forgive(_name: str, _message: str) -> None:
    return None


def cash_flow(read: Read, refuse: Refuse, *, today: date) -> Asked:
    """Six months back and three ahead, or this month by the day, unless told."""
    by = _one_of(read, refuse, "by", WAYS)
    usual = periods.months_around(today, before=0 if by == "day" else 5, after=0 if by == "day" else 3)
    most = periods.MAX_DAYS if by == "day" else periods.MAX_MONTHS * 31
    return Asked(period(read, refuse, usual=usual, most=most), by=by, opening=_opening(read, refuse))


def income(read: Read, refuse: Refuse, *, today: date) -> Asked:
    """The last twelve months, this one included, unless told; never more than twelve columns."""
    usual = periods.months_around(today, before=periods.MAX_COLUMNS - 1, after=0)
    found = period(read, refuse, usual=usual, most=periods.MAX_COLUMNS * 31)
    if len(list(found.months())) > periods.MAX_COLUMNS:
        refuse("until", _("At most %(limit)s months.") % {"limit": periods.MAX_COLUMNS})
        found = usual
    return Asked(found, basis=_one_of(read, refuse, "basis", BASES))


def account(read: Read, refuse: Refuse, *, today: date) -> Asked:
    return Asked(period(read, refuse, usual=periods.months_around(today, before=11, after=0), most=3660))


def period(read: Read, refuse: Refuse, *, usual: Period, most: int) -> Period:
    """`most`: days."""
    start = _day(read, refuse, "from")
    end = _day(read, refuse, "until")
    if start and not end:
        end = min(max(start + (usual.end - usual.start), start), periods.LAST)
    if end and not start:
        start = max(end - (usual.end - usual.start), periods.FIRST)
    if not start or not end:
        return usual
    if end < start:
        refuse("until", _("The end is before the start."))
        return usual
    if (end - start).days + 1 > most:
        refuse("until", _("At most %(limit)s days.") % {"limit": most})
        return Period(start, start + timedelta(days=most - 1))
    return Period(start, end)


def _day(read: Read, refuse: Refuse, name: str) -> date | None:
    text = read(name)
    found = periods.parsed(text)
    if text and found is None:
        refuse(name, _("A date such as 2026-11-23, from the years 2000 to 2100."))
    return found


def _one_of(read: Read, refuse: Refuse, name: str, choices: tuple[str, ...]) -> str:
    value = read(name) or choices[0]
    if value in choices:
        return value
    refuse(name, _("One of: %(choices)s.") % {"choices": ", ".join(choices)})
    return choices[0]


def _opening(read: Read, refuse: Refuse) -> Decimal:
    """ "1.234,56" and "1234.56"; nothing is nothing."""
    text = read("opening").replace("R$", "").replace(" ", "")
    if "," in text:
        text = text.replace(".", "").replace(",", ".")
    try:
        value = Decimal(text or "0").quantize(Decimal("0.01"))
    except (InvalidOperation, ValueError):
        value = Decimal("NaN")
    if value.is_finite() and abs(value) <= MOST:
        return value
    refuse("opening", _("An amount such as 1234.56."))
    return ZERO
