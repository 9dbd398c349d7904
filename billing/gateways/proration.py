"""What a change of price in mid-period costs, for gateways that do not work it out themselves."""

from __future__ import annotations

from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from dateutil.relativedelta import relativedelta

from billing.gateways.base import PriceWanted

CENT = Decimal("0.01")
STEPS = {"month": relativedelta(months=1), "year": relativedelta(years=1)}


def total(price: PriceWanted, *, discounted: bool = True) -> Decimal:
    """What one period costs in all; never less than nothing."""
    whole = price.amount * price.quantity
    return max(whole - price.discount, Decimal(0)) if discounted else whole


def after(anchor: datetime, interval: str, periods: int) -> datetime:
    """So many intervals after an anchor: one on the 31st falls on the last day of shorter months, then on the 31st."""
    return anchor + STEPS[interval] * periods


def difference(
    old: Decimal, new: Decimal, *, starts_at: datetime, ends_at: datetime, now: datetime, anew: bool
) -> Decimal:
    """What is due at once: the new price for what is left of the period, less what was paid for it.

    `anew`: the new price begins a whole period of its own now. A change to something cheaper costs nothing.
    """
    whole = (ends_at - starts_at).total_seconds()
    left = min(max((ends_at - now).total_seconds(), 0), whole)
    share = Decimal(int(left)) / Decimal(int(whole)) if whole >= 1 else Decimal(0)
    due = (new if anew else new * share) - old * share
    return max(due, Decimal(0)).quantize(CENT, ROUND_HALF_UP)
