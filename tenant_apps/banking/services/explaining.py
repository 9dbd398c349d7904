"""Saying which payments a movement is. Its row is locked first, so of two who explain it one is told."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from shared_apps.core import finding
from shared_apps.core.errors import DomainError, FieldError
from tenant_apps.activity import services as activity
from tenant_apps.banking import matching
from tenant_apps.banking.errors import AlreadyExplained, NotExplained, PaymentTaken, WrongSum
from tenant_apps.banking.models import Match, StatementLine
from tenant_apps.clients.models import Client
from tenant_apps.finance import services as finance
from tenant_apps.finance.models import Category, Entry, Kind, Payment
from tenant_apps.team.models import Member

MAX_PARTS = 50
MAX_ACCEPTED = 500  # at once


@dataclass(frozen=True, slots=True)
class Part:
    entry_id: UUID
    amount: Decimal


@transaction.atomic
def explain_with_entries(
    line: StatementLine, *, actor: Member | None, parts: Sequence[Part], now: datetime
) -> StatementLine:
    """The movement paid these entries; a payment of each is recorded. The parts come to the movement's amount.

    Raises NotThere, AlreadyExplained, WrongSum, FieldError, and what recording a payment raises.
    """
    line = _locked_open(line.pk)
    if not parts or len(parts) > MAX_PARTS:
        raise FieldError("parts", _("Name 1 to %(most)s entries."), "invalid", most=MAX_PARTS)
    if len({part.entry_id for part in parts}) < len(parts):
        raise FieldError("parts", _("An entry is named twice."), "twice")
    given, wanted = sum((part.amount for part in parts), Decimal(0)), abs(line.amount)
    if given != wanted:
        raise WrongSum(given=given, wanted=wanted)
    kind = Kind.RECEIVABLE if line.came_in else Kind.PAYABLE
    entries = {entry.pk: entry for entry in Entry.objects.filter(pk__in=[part.entry_id for part in parts], kind=kind)}
    for part in sorted(
        parts, key=lambda part: part.entry_id
    ):  # one order, so that two splits never wait for each other
        if part.entry_id not in entries:
            raise FieldError("entry", _("There is no such entry for money in this direction."), "no_such_entry")
        payment = finance.receive(
            entries[part.entry_id],
            actor=actor,
            amount=part.amount,
            method=matching.method_of(line),
            paid_on=line.on,
            reference=line.bank_id,
        )
        Match.objects.create(line=line, payment=payment, is_made=True)
    return _decided(line, actor, now, "bank.line_explained")


@transaction.atomic
def explain_with_payments(
    line: StatementLine, *, actor: Member | None, payment_ids: Collection[UUID], now: datetime
) -> StatementLine:
    """The movement is these payments, which are recorded already. Raises NotThere, AlreadyExplained, PaymentTaken,
    WrongSum, FieldError."""
    line = _locked_open(line.pk)
    kind = Kind.RECEIVABLE if line.came_in else Kind.PAYABLE
    wanted = set(payment_ids)
    standing = Payment.objects.standing().filter(pk__in=wanted, entry__kind=kind).select_for_update(of=("self",))
    payments = list(standing.order_by("pk"))
    if not wanted or len(payments) < len(wanted):
        raise FieldError("payment", _("There is no such payment in this direction."), "no_such_payment")
    if Match.objects.filter(payment__in=payments).exists():
        raise PaymentTaken
    given = sum((payment.amount for payment in payments), Decimal(0))
    if given != abs(line.amount):
        raise WrongSum(given=given, wanted=abs(line.amount))
    Match.objects.bulk_create([Match(line=line, payment=payment) for payment in payments])
    return _decided(line, actor, now, "bank.line_explained")


@transaction.atomic
def explain_with_new_entry(
    line: StatementLine,
    *,
    actor: Member | None,
    description: str,
    now: datetime,
    client: Client | None = None,
    party: str = "",
    category: Category | None = None,
) -> StatementLine:
    """Nothing was written down for this movement: an entry is, and it is paid. Raises as explaining does."""
    line = _locked_open(line.pk)
    kind = Kind.RECEIVABLE if line.came_in else Kind.PAYABLE
    if category is not None and category.kind != kind:
        raise FieldError("category", _("This category is for money in the other direction."), "invalid_category")
    [entry] = finance.create_entry(
        actor=actor,
        kind=kind,
        description=description,
        amount=abs(line.amount),
        due_on=line.on,
        issued_on=line.on,
        client=client,
        party=party,
        category=category,
    )
    return explain_with_entries(line, actor=actor, parts=[Part(entry.pk, abs(line.amount))], now=now)


@transaction.atomic
def ignore_line(line: StatementLine, *, actor: Member | None, now: datetime) -> StatementLine:
    """Put it aside. Raises NotThere, AlreadyExplained."""
    line = _locked_open(line.pk)
    line.is_ignored = True
    return _decided(line, actor, now, "bank.line_ignored")


@transaction.atomic
def reopen_line(line: StatementLine, *, actor: Member | None, now: datetime) -> StatementLine:
    """Take back what was decided: payments that explaining made are reversed, others only let go.

    Raises NotThere, NotExplained.
    """
    line = _locked(line.pk)
    matches = list(line.matches.select_related("payment").order_by("payment_id"))
    if not matches and not line.is_ignored:
        raise NotExplained
    for match in matches:
        match.delete()
        if match.is_made and match.payment.reversal_id is None:
            finance.reverse_payment(match.payment, actor=actor, reason=str(_("Taken back in the bank's statement")))
    line.is_ignored = False
    return _decided(line, actor, now, "bank.line_reopened", decided=False)


def accept_certain(*, actor: Member | None, now: datetime) -> tuple[int, bool]:
    """Explain every open movement that leaves no doubt, oldest first, each for itself: how many; whether more wait."""
    lines = list(StatementLine.objects.open().order_by("on", "pk")[: MAX_ACCEPTED + 1])
    found = matching.suggestions(lines[:MAX_ACCEPTED])
    done = 0
    for line in lines[:MAX_ACCEPTED]:
        best = next((offer for offer in found[line.pk] if offer.is_certain), None)
        if best is None:
            continue
        with suppress(DomainError):  # somebody was faster, with the line or with what explains it
            if best.kind == "payment":
                explain_with_payments(line, actor=actor, payment_ids=[best.id], now=now)
            else:
                parts = [Part(best.id, abs(line.amount))]
                explain_with_entries(line, actor=actor, parts=parts, now=now)
            done += 1
    return done, len(lines) > MAX_ACCEPTED


def _locked(pk: UUID) -> StatementLine:
    return finding.one(StatementLine.objects.select_for_update(of=("self",)), pk)


def _locked_open(pk: UUID) -> StatementLine:
    """Matches whose payment was reversed meanwhile explain nothing any more and go."""
    line = _locked(pk)
    if line.is_ignored or line.matches.filter(payment__reversal=None).exists():
        raise AlreadyExplained
    line.matches.all().delete()
    return line


def _decided(
    line: StatementLine, actor: Member | None, now: datetime, verb: str, *, decided: bool = True
) -> StatementLine:
    line.decided_by, line.decided_at = (actor, now) if decided else (None, None)
    line.save(update_fields=["is_ignored", "decided_by", "decided_at"])
    activity.record(actor, verb, line, after={"amount": line.amount, "on": line.on})
    return line
