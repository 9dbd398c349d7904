"""What every gateway can do, in words that are ours. Adapters translate; nobody above them sees a gateway's object.

Moments are aware datetimes in UTC, money is Decimal with its currency, ids are the gateway's own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Protocol


class GatewayAway(Exception):
    """It did not answer, or not as agreed: try again later. What was asked may have happened."""


class GatewayRefused(Exception):
    """It said no, and will again. `code` is its own; `said` only where it is meant for people."""

    def __init__(self, code: str, said: str = "", *, field: str = "") -> None:
        super().__init__(code)
        self.code, self.said, self.field = code, said, field


class NotGenuine(Exception):
    """A webhook without the proof that it comes from the gateway."""


class Unreadable(Exception):
    """A webhook that proved genuine and makes no sense."""


class GatewayState(StrEnum):
    """What a gateway says of a subscription. It never grants access by itself: payments do."""

    INCOMPLETE = "incomplete"
    TRIALING = "trialing"
    RUNNING = "running"  # it will go on asking for money; says nothing about what was paid
    PAST_DUE = "past_due"
    UNPAID = "unpaid"  # it has given up asking
    PAUSED = "paused"
    ENDING = "ending"  # does not renew
    CANCELED = "canceled"
    NEVER = "never"  # its first payment never came
    UNKNOWN = "unknown"  # a word we do not know: nothing follows from it


class InvoiceState(StrEnum):
    """The values of invoices.models.Invoice.State."""

    DRAFT = "draft"
    OPEN = "open"
    CHECKED = "checked"
    FAILED = "failed"
    OVERDUE = "overdue"
    PAID = "paid"
    REFUNDED = "refunded"
    DISPUTED = "disputed"
    VOID = "void"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Payer:
    """An organization, as a gateway must know it. `reference`: its id with us. `document`: CPF or CNPJ, bare.

    `known_as`: the gateway's id for it, as far as we remember one; it may be gone there.
    """

    reference: str
    name: str
    email: str
    document: str = ""
    phone: str = ""  # E.164
    locale: str = "pt-br"
    known_as: str = ""


@dataclass(frozen=True, slots=True)
class PriceWanted:
    """A price charged each interval ("month", "year") for `quantity`. `external_id`: the gateway's id, if it has any.

    `amount` is for one; `discount` is money off each of the next `discount_periods` charges (None: all of them).
    """

    external_id: str
    amount: Decimal
    currency: str
    interval: str
    quantity: int = 1
    description: str = ""
    discount: Decimal = Decimal(0)
    discount_periods: int | None = None


@dataclass(frozen=True, slots=True)
class CheckoutWanted:
    """A purchase to be finished on the gateway's page. `reference`: our subscription's id, found again by it."""

    key: str  # idempotency key, stored before the call
    reference: str
    organization: str
    customer: str
    price: PriceWanted
    trial_ends_at: datetime | None
    success_url: str
    cancel_url: str
    method: str = ""  # "card", "pix", "boleto"; empty: the payer chooses there
    starts_at: datetime | None = None  # first charge not before: a change of gateway in mid-period


@dataclass(frozen=True, slots=True)
class CheckoutSnapshot:
    """A purchase under way. `url`: where the person goes; empty when there is nothing to do there now."""

    id: str
    url: str
    is_open: bool
    is_done: bool  # finished and, where money was due at once, paid
    reference: str = ""
    customer: str = ""
    subscription: str = ""
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PaymentSnapshot:
    id: str
    amount: Decimal
    paid_at: datetime
    settled_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class InvoiceSnapshot:
    """A charge as it is now. `amount` is what it was issued for: fine and interest are in `paid` only."""

    id: str
    state: InvoiceState
    status: str  # the gateway's own word
    amount: Decimal
    currency: str
    issued_at: datetime
    customer: str = ""
    subscription: str = ""
    reference: str = ""
    number: str = ""
    method: str = ""
    due_at: datetime | None = None
    failed_at: datetime | None = None
    paid: Decimal = Decimal(0)
    refunded: Decimal = Decimal(0)
    payments: tuple[PaymentSnapshot, ...] = ()
    period_starts_at: datetime | None = None
    period_ends_at: datetime | None = None
    will_retry: bool = False
    page_url: str = ""
    pdf_url: str = ""
    receipt_url: str = ""


@dataclass(frozen=True, slots=True)
class SubscriptionSnapshot:
    """A subscription and its charges (newest first) as they are now."""

    id: str
    state: GatewayState
    status: str  # the gateway's own word
    customer: str
    reference: str = ""
    organization: str = ""
    prices: tuple[str, ...] = ()  # the gateway's ids; empty where it has none
    amount: Decimal | None = None
    quantity: int = 1
    trial_ends_at: datetime | None = None
    period_starts_at: datetime | None = None
    period_ends_at: datetime | None = None
    cancel_at: datetime | None = None
    ended_at: datetime | None = None
    reason: str = ""
    is_test: bool = False
    has_method: bool = False  # a card or other way to pay by itself is stored
    invoices: tuple[InvoiceSnapshot, ...] = ()


@dataclass(frozen=True, slots=True)
class ChangePreview:
    """What a change of price costs now and from the next period on. `at`: pass it on, so that the sum holds."""

    due_now: Decimal
    next_amount: Decimal
    next_at: datetime
    currency: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ChargeDetails:
    """How to pay an open charge without a card. Empty where the charge cannot be paid that way."""

    pix: str = ""  # "copia e cola"
    pix_expires_at: datetime | None = None
    boleto_line: str = ""
    boleto_url: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """A webhook's request, proven genuine. `subscription` to `checkout`: whose truth to fetch, as far as known."""

    id: str
    kind: str
    payload: dict[str, Any]
    happened_at: datetime | None = None
    subscription: str = ""
    customer: str = ""
    invoice: str = ""
    reference: str = ""
    checkout: str = ""
    is_test: bool | None = None  # None: the gateway does not say
    matters: bool = True  # False: kept, and nothing follows


@dataclass(frozen=True, slots=True)
class Abilities:
    methods: tuple[str, ...] = ("card",)  # "card", "pix", "boleto"
    currencies: tuple[str, ...] = ("BRL",)
    prorates: bool = False  # previews and charges differences itself
    has_prices: bool = False  # charges by ids of its own: GatewayPrice rows are needed
    portal: bool = False  # has a page on which the card is changed at any time
    ends_discounts: bool = True  # by itself, after so many charges; else we ask for it
    extra: Mapping[str, Any] = field(default_factory=dict)


class Gateway(Protocol):
    """Every method may raise GatewayAway or GatewayRefused. A `key` names one thing to be done, however
    often it is asked for: it is made of rows that were written before the call."""

    name: str
    abilities: Abilities

    def ensure_customer(self, payer: Payer, *, key: str) -> str:
        """Its id for this organization: found by our reference, else made; kept up to date."""

    def open_checkout(self, wanted: CheckoutWanted) -> CheckoutSnapshot:
        """Begin a purchase, or find the one begun with this reference or key."""

    def fetch_checkout(self, id: str) -> CheckoutSnapshot | None:
        """None: unknown, or another's."""

    def withdraw_checkout(self, id: str, *, reference: str, key: str) -> None:
        """Take back a purchase that is not finished, so that nobody can pay it any more. One that was paid meanwhile,
        or is being checked, stays; one that is gone is no error. `id` is empty where the answer with it was lost."""

    def fetch_subscription(self, id: str) -> SubscriptionSnapshot | None: ...

    def find_subscriptions(self, *, reference: str) -> list[SubscriptionSnapshot]:
        """Those made for our subscription: what webhooks never told of."""

    def preview_change(self, id: str, price: PriceWanted, *, now: datetime) -> ChangePreview: ...

    def change_price(self, id: str, price: PriceWanted, *, prorated_at: datetime | None, key: str) -> None:
        """Charge another price: the difference at once when `prorated_at` is given, else from the next charge on."""

    def end_discount(self, id: str, price: PriceWanted, *, after: int, key: str) -> None:
        """From the charge after the first `after` on, the whole price. Only where it does not end them itself."""

    def cancel(self, id: str, *, at_period_end: bool, key: str) -> None:
        """One that is gone is no error. Open charges are withdrawn when it ends now."""

    def resume(self, id: str, *, key: str) -> None:
        """Take back a scheduled cancellation."""

    def method_page(self, id: str, *, return_url: str, key: str) -> str:
        """Where the way to pay is changed."""

    def charge_details(self, invoice: str) -> ChargeDetails: ...

    def refund(self, invoice: str, *, amount: Decimal | None, key: str) -> None:
        """None: all of it."""

    def read_webhook(self, body: bytes, headers: Mapping[str, str]) -> Event:
        """Proven genuine on the raw body. Raises NotGenuine or Unreadable; headers' names are lower case."""

    def changed_since(self, since: datetime) -> Iterator[str]:
        """Ids of subscriptions that something happened to, for reconciliation. May name too many, never too few."""

    def all_subscriptions(self) -> Iterator[SubscriptionSnapshot]:
        """Every one that is not over and bears a reference of ours, without its charges."""

    def queue_problem(self) -> str:
        """Why its webhooks may not come (an interrupted queue); empty when all is well or it cannot tell."""
