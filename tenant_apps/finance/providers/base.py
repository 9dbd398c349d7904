"""What every provider of charges can do, in words that are ours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Protocol
from uuid import UUID


class Away(Exception):
    """The provider did not answer, or not as agreed: try again later. What was asked may have happened."""


class Refused(Exception):
    """The provider said no, and will again. The text is for the firm's people."""

    def __init__(self, said: str, *, is_key: bool = False) -> None:
        super().__init__(said)
        self.is_key = is_key  # the key itself is refused


class State(StrEnum):
    OPEN = "open"
    PAID = "paid"
    RETURNED = "returned"  # the money went back: refunded, or charged back
    DISPUTED = "disputed"  # the payer wants it back and the provider keeps it until that is decided
    GONE = "gone"  # removed at the provider
    UNKNOWN = "unknown"  # a word we do not know: nothing follows from it


@dataclass(frozen=True, slots=True)
class Payer:
    """Who is charged. `document`: CPF or CNPJ, characters without punctuation."""

    id: UUID
    name: str
    document: str
    email: str = ""
    phone: str = ""  # E.164


@dataclass(frozen=True, slots=True)
class Wanted:
    """A charge to issue. `reference` is ours: asked twice, it is issued once. Percents: late fee once, interest a
    month. `discount` is money, let go until `discount_until`."""

    reference: str
    payer: Payer
    amount: Decimal
    due_on: date
    description: str
    late_fee: Decimal = Decimal(0)
    interest: Decimal = Decimal(0)
    discount: Decimal = Decimal(0)
    discount_until: date | None = None


@dataclass(frozen=True, slots=True)
class Charge:
    """A charge as the provider has it now.

    `amount` is what was paid, late fee and discount in it, once it is paid; less what went back of it.
    """

    id: str
    state: State
    amount: Decimal
    reference: str = ""
    paid_on: date | None = None
    method: str = ""  # finance.models.Method
    page: str = ""  # where the payer sees it
    pix: str = ""  # "copia e cola"
    boleto: str = ""  # the line of digits


class ChargeProvider(Protocol):
    """Every method may raise Away or Refused. Amounts in reais."""

    def check(self) -> None:
        """Whether the key is good."""

    def listen(self, url: str, token: str) -> None:
        """Have what happens to charges told to `url`, with `token` as proof. Twice is once."""

    def issue(self, wanted: Wanted) -> Charge:
        """Issue the charge, or find the one with its reference that is there already."""

    def find(self, reference: str) -> Charge | None:
        """The charge with this reference of ours that can still be paid or was; None where there is none."""

    def fetch(self, id: str) -> Charge:
        """The charge as it is now."""

    def remove(self, id: str) -> None:
        """Nobody may pay it any more. One that is gone is no error."""
