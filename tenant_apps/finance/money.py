"""Amounts of money: two places, rounded half to even, in one place for the whole product."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shared_apps.core import formats
from shared_apps.core.errors import FieldError

CENT = Decimal("0.01")
ZERO = Decimal(0)
MOST = Decimal("9999999999.99")  # what a column holds
MOST_PERCENT = Decimal(100)


def rounded(amount: Decimal) -> Decimal:
    """To the cent, half to even."""
    return amount.quantize(CENT, rounding=ROUND_HALF_EVEN)


def split(amount: Decimal, parts: int) -> list[Decimal]:
    """`amount` in so many parts that differ by a cent at most, the larger ones first. Their sum is exact."""
    cents = int(rounded(amount) / CENT)
    each, left = divmod(cents, parts)
    return [CENT * (each + (number < left)) for number in range(parts)]


def amount(field: str, value: Decimal | int | str, *, least: Decimal = CENT, most: Decimal = MOST) -> Decimal:
    """The value as an amount. Raises FieldError for what is none, for fractions of a cent, and outside the limits."""
    try:
        given = Decimal(value)
        exact = given.is_finite() and (abs(given) > MOST or given == rounded(given))  # too much is said below
    except (InvalidOperation, ValueError, TypeError):
        exact = False
    if not exact:
        raise FieldError(field, _("Give an amount with at most two decimal places."), "invalid_amount")
    if not least <= given <= most:
        text = gettext("Give an amount from %(least)s to %(most)s.")
        text %= {"least": formats.number(least, 2), "most": formats.number(most, 2)}
        raise FieldError(field, text, "out_of_range", least=str(least), most=str(most))
    return rounded(given)


def percentage(field: str, value: Decimal | int | str) -> Decimal:
    """From 0 to 100 with two places. Raises FieldError."""
    return amount(field, value, least=ZERO, most=MOST_PERCENT)
