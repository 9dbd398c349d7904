"""Which entries or payments a movement may be, how sure that is, and why.

Points: the amount (50 when it is exactly what is open or due that day), the date (up to 20), words of the client's name
or the CPF or CNPJ in the bank's text (up to 30). A payment that is recorded already starts higher than any entry can
come: else the money would be counted twice. Certain is only what has the exact amount and the name, and no rival.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tenant_apps.banking.models import StatementLine
from tenant_apps.clients.words import normalise
from tenant_apps.finance.charges import due_amount
from tenant_apps.finance.models import Entry, Kind, Method, Payment

OFFERED = 3
LEAST = 45
MAX_KNOWN = 3000  # open entries, and payments without a movement, that are looked at
BEFORE, AFTER = timedelta(days=150), timedelta(days=60)  # how long before and after its due date an entry is paid
NEAR = 7  # days between a recorded payment and its movement
LOOSE = Decimal("1.35"), Decimal("0.70")  # late fee and interest at most, discount at most
_EMPTY = {"de", "da", "do", "das", "dos", "e", "ltda", "me", "sa", "eireli", "epp", "cond", "condominio", "edificio"}
_WORDS = re.compile(r"[^\W_]+")
_METHODS = (
    (Method.PIX, ("pix",)),
    (Method.BOLETO, ("boleto", "cobranca", "titulo")),
    (Method.CARD, ("cartao", "card", "visa", "master", "mastercard", "elo", "cielo", "stone", "getnet", "rede")),
    (Method.CASH, ("dinheiro", "saque", "deposito")),
)


@dataclass(frozen=True, slots=True)
class Offer:
    """`kind`: "entry" or "payment"; `amount` what is open of the entry, or was paid. `reasons` are for people."""

    kind: str
    id: UUID
    entry_id: UUID
    title: str
    who: str
    amount: Decimal
    day: date
    score: int
    is_exact: bool
    is_named: bool
    reasons: tuple[str, ...] = field(default=())
    is_certain: bool = False


def method_of(line: StatementLine) -> str:
    """How the money came, as the bank's text tells."""
    said = set(_WORDS.findall(normalise(line.memo)))
    return next((method for method, names in _METHODS if said & set(names)), Method.TRANSFER)


def suggestions(lines: Sequence[StatementLine]) -> dict[UUID, list[Offer]]:
    """For each open line its best offers, best first. Two statements, however many lines."""
    if not lines:
        return {}
    first, last = min(line.on for line in lines), max(line.on for line in lines)
    entries = _entries(first, last)
    payments = _payments(first, last)
    found: dict[UUID, list[Offer]] = {}
    for line in lines:
        kind = Kind.RECEIVABLE if line.came_in else Kind.PAYABLE
        offers = [*payments[kind].of(line), *entries[kind].of(line)]
        offers.sort(key=lambda offer: (-offer.score, offer.kind != "payment", offer.day, offer.id))
        found[line.pk] = offers
    return {pk: _certified(offers) for pk, offers in _without_rivals(found).items()}


def _without_rivals(found: dict[UUID, list[Offer]]) -> dict[UUID, list[Offer]]:
    """What is the certain choice of two lines is certain for neither: the same sum came twice, one entry is open."""
    wanted: defaultdict[UUID, int] = defaultdict(int)
    for offers in found.values():
        for offer in offers:
            if offer.is_exact and offer.is_named:
                wanted[offer.id] += 1
    return {
        pk: [replace(offer, is_named=offer.is_named and wanted[offer.id] <= 1) for offer in offers]
        for pk, offers in found.items()
    }


def _certified(offers: list[Offer]) -> list[Offer]:
    exact = [offer for offer in offers if offer.is_exact]
    named = [offer for offer in exact if offer.is_named]
    recorded = [offer for offer in exact if offer.kind == "payment"]
    if len(named) == 1 and (not recorded or named == recorded):
        offers = [replace(offer, is_certain=offer is named[0]) for offer in offers]
    return offers[:OFFERED]


@dataclass(slots=True)
class _Known:
    """Entries or payments, found by amount and by the words of the name."""

    things: list[tuple[Decimal, Entry | Payment]]
    amounts: list[Decimal] = field(default_factory=list)
    words: defaultdict[str, list[int]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        self.things.sort(key=lambda thing: thing[0])
        self.amounts = [amount for amount, _thing in self.things]
        for number, (_amount, thing) in enumerate(self.things):
            for word in _name_words(_entry_of(thing)):
                self.words[word].append(number)

    def of(self, line: StatementLine) -> Iterable[Offer]:
        wanted = abs(line.amount)
        said = set(_WORDS.findall(normalise(line.memo)))
        numbers = set(
            range(bisect_left(self.amounts, wanted / LOOSE[0]), bisect_right(self.amounts, wanted / LOOSE[1]))
        )
        for word in said:
            numbers.update(self.words.get(word, ()))
        for number in numbers:
            amount, thing = self.things[number]
            offer = (
                _of_entry(line, thing, amount, wanted, said)
                if isinstance(thing, Entry)
                else _of_payment(line, thing, wanted, said)
            )
            if offer is not None and offer.score >= LEAST:
                yield offer


def _of_entry(line: StatementLine, entry: Entry, amount: Decimal, wanted: Decimal, said: set[str]) -> Offer | None:
    late = (line.on - entry.due_on).days
    if not -AFTER.days <= late <= BEFORE.days:
        return None
    reasons: list[str] = []
    points, is_exact = 0, False
    if amount == wanted:
        points, is_exact = 50, True
        reasons.append(_("same amount"))
    elif due_amount(entry, on=line.on).total == wanted:
        points, is_exact = 50, True
        reasons.append(_("what is due that day, with late fee or discount"))
    elif wanted < amount:
        points = 20
        reasons.append(_("a part of it"))
    else:
        return None
    points += max(0, 20 - abs(late) * 20 // 45)
    if not late:
        reasons.append(_("on the due date"))
    else:
        told = (
            ngettext("%(count)d day after the due date", "%(count)d days after the due date", late)
            if late > 0
            else ngettext("%(count)d day before the due date", "%(count)d days before the due date", -late)
        )
        reasons.append(told % {"count": abs(late)})
    share = _named(entry, said)
    if share:
        points += int(30 * share)
        reasons.append(_("the name is in the text"))
    who = entry.client.name if entry.client else entry.party
    return Offer(
        "entry", entry.pk, entry.pk, entry.description, who, amount, entry.due_on, points, is_exact, share >= 0.6,
        tuple(reasons),
    )  # fmt: skip


def _of_payment(line: StatementLine, payment: Payment, wanted: Decimal, said: set[str]) -> Offer | None:
    apart = abs((line.on - payment.paid_on).days)
    if payment.amount != wanted or apart > NEAR:
        return None
    entry = payment.entry
    reasons = [_("recorded already"), _("same amount")]
    points = 75 + max(0, 15 - apart * 2)
    share = _named(entry, said)
    if share:
        points += int(20 * share)
        reasons.append(_("the name is in the text"))
    who = entry.client.name if entry.client else entry.party
    return Offer(
        "payment", payment.pk, entry.pk, entry.description, who, payment.amount, payment.paid_on, points, True,
        share >= 0.6, tuple(reasons),
    )  # fmt: skip


def _entries(first: date, last: date) -> dict[str, _Known]:
    """Open ones whose due date is near enough to any of the lines, of each kind."""
    due = Entry.objects.open().filter(due_on__range=(first - BEFORE, last + AFTER))
    found = due.select_related("client").defer("client__search", "client__notes", "client__custom", "notes")
    known: dict[str, list[tuple[Decimal, Entry | Payment]]] = {kind: [] for kind in Kind.values}
    for entry in found.order_by("-due_on", "pk")[:MAX_KNOWN]:
        known[entry.kind].append((entry.open_amount, entry))
    return {kind: _Known(things) for kind, things in known.items()}


def _payments(first: date, last: date) -> dict[str, _Known]:
    """Those that count and that no line is yet."""
    near = timedelta(days=NEAR)
    paid = Payment.objects.standing().filter(bank_match=None, paid_on__range=(first - near, last + near))
    related = paid.select_related("entry__client").defer("entry__client__search", "entry__client__custom")
    known: dict[str, list[tuple[Decimal, Entry | Payment]]] = {kind: [] for kind in Kind.values}
    for payment in related.order_by("-paid_on", "pk")[:MAX_KNOWN]:
        known[payment.entry.kind].append((payment.amount, payment))
    return {kind: _Known(things) for kind, things in known.items()}


def _entry_of(thing: Entry | Payment) -> Entry:
    return thing if isinstance(thing, Entry) else thing.entry


def _name_words(entry: Entry) -> set[str]:
    name = entry.client.name if entry.client else entry.party
    words = {word for word in _WORDS.findall(normalise(name)) if len(word) > 2 and word not in _EMPTY}
    return words | ({entry.client.document} if entry.client and entry.client.document else set())


def _named(entry: Entry, said: set[str]) -> float:
    """How much of the name the bank's text has, from 0 to 1; all of it if it has the CPF or CNPJ."""
    document = entry.client.document if entry.client else ""
    if document and document in said:
        return 1.0
    words = _name_words(entry) - {document}
    return len(words & said) / len(words) if words else 0.0
