"""Money that moved for an entry. Payments are never changed: a mistake is reversed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from shared_apps.core.errors import FieldError
from shared_apps.organizations import current
from tenant_apps.activity import services as activity
from tenant_apps.clients.services.locks import locked
from tenant_apps.finance import charges, days, money
from tenant_apps.finance.errors import AlreadyReversed, EntryPaid, Overpaid
from tenant_apps.finance.models import Entry, Method, Payment, Reversal
from tenant_apps.finance.money import ZERO
from tenant_apps.finance.services import telling
from tenant_apps.finance.services.entries import LONGEST_REASON, settle
from tenant_apps.finance.services.locks import locked_entry
from tenant_apps.finance.signals import entry_changed
from tenant_apps.team.models import Member

LONGEST_REFERENCE = 140


@transaction.atomic
def pay_entry(
    entry: Entry,
    *,
    actor: Member | None,
    amount: Decimal,
    method: str,
    paid_on: date,
    extra: Decimal | int = 0,
    discount: Decimal | int = 0,
    reference: str = "",
    id: UUID | None = None,
    is_news: bool = True,
) -> Payment:
    """Record what was paid. Of `amount`, `extra` was late fee and interest; `discount` was let go on top of it.

    `id` is the page's: sent twice, it is made once. Nobody is told of it unless it `is_news`.

    Raises NotThere, EntryCancelled, EntryPaid, Overpaid, FieldError.
    """
    entry = locked_entry(entry.pk)
    if id is not None and (known := Payment.objects.filter(pk=id, entry=entry).first()):
        return known
    if entry.open_amount <= 0:
        raise EntryPaid
    amount = money.amount("amount", amount)
    extra = money.amount("extra", extra, least=ZERO)
    discount = money.amount("discount", discount, least=ZERO)
    if extra >= amount:
        raise FieldError("extra", _("Late fee and interest are a part of the amount."), "out_of_range")
    _check_day(paid_on)
    if method not in Method.values:
        raise FieldError("method", _("One of: %(choices)s."), "invalid_choice", choices=", ".join(Method.values))
    settles = amount - extra + discount
    if settles > entry.open_amount:
        raise Overpaid(entry.open_amount)
    payment = Payment(
        entry=entry,
        amount=amount,
        extra=extra,
        discount=discount,
        method=method,
        paid_on=paid_on,
        reference=" ".join(reference.split())[:LONGEST_REFERENCE],
        by=actor,
    )
    if id is not None:
        payment.id = id
    payment.save(force_insert=True)
    entry.paid += settles
    _save(entry)
    after = {"amount": amount, "extra": extra, "discount": discount, "method": method, "paid_on": paid_on}
    activity.record(actor, "payment.recorded", entry, after=after | {"payment": payment.pk})
    entry_changed.send(Entry, entry=entry)
    if is_news:
        telling.tell_of_payment(payment)
    return payment


@transaction.atomic
def receive(
    entry: Entry,
    *,
    actor: Member | None,
    amount: Decimal,
    method: str,
    paid_on: date,
    reference: str = "",
    id: UUID | None = None,
) -> Payment:
    """As `pay_entry`, finding out by itself what of the amount is late fee, interest or discount on that day."""
    entry = locked_entry(entry.pk)
    if id is not None and (known := Payment.objects.filter(pk=id, entry=entry).first()):
        return known
    if entry.open_amount <= 0:
        raise EntryPaid
    _check_day(paid_on)
    amount = money.amount("amount", amount)
    extra, discount = charges.allocated(entry, amount, on=paid_on)
    return pay_entry(
        entry,
        actor=actor,
        amount=amount,
        method=method,
        paid_on=paid_on,
        extra=extra,
        discount=discount,
        reference=reference,
        id=id,
    )


@transaction.atomic
def pay_entries(ids: Sequence[UUID], *, actor: Member | None, method: str, paid_on: date) -> list[Payment]:
    """Mark those of these that are open as paid, each with what is due on that day. Raises FieldError."""
    _check_day(paid_on)
    found = list(Entry.objects.open().filter(pk__in=ids).order_by("pk").select_for_update(no_key=True))
    made = []
    for entry in found:
        due = charges.due_amount(entry, on=paid_on)
        made.append(
            pay_entry(
                entry,
                actor=actor,
                amount=due.total,
                method=method,
                paid_on=paid_on,
                extra=due.extra,
                discount=due.discount,
            )
        )
    return made


@transaction.atomic
def reverse_payment(payment: Payment, *, actor: Member | None, reason: str = "") -> Reversal:
    """The payment does not count; what it settled is due again. Raises NotThere, AlreadyReversed."""
    entry = locked(Entry, payment.entry_id)
    payment = Payment.objects.select_for_update(no_key=True, of=("self",)).get(pk=payment.pk)
    if payment.reversal_id is not None:
        raise AlreadyReversed
    reversal = Reversal.objects.create(payment=payment, by=actor, reason=reason.strip()[:LONGEST_REASON])
    payment.reversal = reversal
    payment.save(update_fields=["reversal"])
    entry.paid -= payment.settles
    _save(entry)
    after = {"amount": payment.amount, "reason": reversal.reason, "payment": payment.pk}
    activity.record(actor, "payment.reversed", entry, after=after)
    entry_changed.send(Entry, entry=entry)
    return reversal


def _save(entry: Entry) -> None:
    settle(entry)
    entry.version += 1
    entry.save(update_fields=["paid", "settled_on", "version", "updated_at"])


def _check_day(paid_on: date) -> None:
    days.checked("paid_on", paid_on)
    if paid_on > current.today() + timedelta(days=1):  # a day's grace: banks and phones live in zones of their own
        raise FieldError("paid_on", _("This day is still to come."), "in_the_future")
