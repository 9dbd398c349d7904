"""What clients and the firm are told of a charge, and when: soon due, due, overdue, paid."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

from django.utils import timezone

from shared_apps.core import bulk, tokens
from shared_apps.core.tokens import hash_of
from shared_apps.organizations import current
from shared_apps.organizations.permissions import Permission, allows
from shared_apps.tenancy.jobs import due
from tenant_apps.finance import charges
from tenant_apps.finance.models import ChargeLink, Entry, Kind, Payment
from tenant_apps.finance.services.links import FORGET, FORGOTTEN, TOKEN_BYTES, path_of
from tenant_apps.finance.services.policy import policy
from tenant_apps.notifications.services import Money, Notice, Recipient, Value, notify_all
from tenant_apps.team.models import Member

JOB = "finance.remind"
AT = time(7)
# The event of a morning, by the days from it to the day on which the entry is due.
EVENTS = {3: "entry.due_soon", 0: "entry.due_today", -1: "entry.overdue_1", -3: "entry.overdue_3"}
RECENT = timedelta(days=7)  # a payment entered long afterwards is not thanked for
SUBJECT, PAYMENT = "finance.entry", "finance.payment"


def notices_of(entries: Collection[Entry], *, today: date, now: datetime) -> list[Notice]:
    """For each client what it owes, with an address at which it can pay; for the firm what is overdue."""
    if not entries:
        return []
    links, staff, currency = _links(entries, now), _who_sees_money(), current.currency()
    notices: list[Notice] = []
    for entry in entries:
        values = _values(entry, charges.due_amount(entry, on=today).total, currency)
        event = EVENTS[(entry.due_on - today).days]
        if entry.pk in links:
            notices.append(Notice(event, SUBJECT, entry.pk, today, _client(entry), values, links[entry.pk]))
        notices.append(Notice(event, SUBJECT, entry.pk, today, staff, values, _of(entry)))
    return notices


def tell_of_payment(payment: Payment) -> None:
    """Thank the client, and let the firm know; whoever entered it does not need to be told."""
    entry, now = payment.entry, timezone.now()
    today = current.today(now)
    if entry.kind != Kind.RECEIVABLE or entry.client is None or payment.paid_on < today - RECENT:
        return
    values = _values(entry, payment.amount, current.currency()) | {"paid_on": payment.paid_on}
    notices = [Notice("payment.received", PAYMENT, payment.pk, today, _who_sees_money(payment.by), values, _of(entry))]
    if not entry.client.is_archived:
        notices.append(Notice("payment.received", PAYMENT, payment.pk, today, _client(entry), values))
    notify_all(notices, now=now)


def tell_of_reversal(payment: Payment, reason: str) -> None:
    """Money went back without anybody of the firm: whoever sees its money hears of it."""
    entry, now = payment.entry, timezone.now()
    values = _values(entry, payment.amount, current.currency()) | {"reason": reason}
    notice = Notice("payment.reversed", PAYMENT, payment.pk, current.today(now), _who_sees_money(), values, _of(entry))
    notify_all([notice], now=now)


def mark(entries: Iterable[Entry], *, now: datetime | None = None) -> None:
    """Have the organization visited on the first morning on which one of these is to be told of."""
    now = now or timezone.now()
    mornings = [
        at
        for entry in entries
        if entry.kind == Kind.RECEIVABLE and entry.client_id
        for ahead in EVENTS
        if (at := morning(entry.due_on - timedelta(days=ahead))) > now
    ]
    if mornings:
        due.mark(JOB, min(mornings))


def morning(day: date) -> datetime:
    return datetime.combine(day, AT, tzinfo=current.zone())


def _client(entry: Entry) -> tuple[Recipient, ...]:
    client = entry.client
    return (Recipient.client(client.pk, client.name, client.email, client.phone),) if client else ()


def _of(entry: Entry) -> str:
    return f"/entries/{entry.pk}/"


def _links(entries: Collection[Entry], now: datetime) -> dict[UUID, str]:
    """An address for each entry whose client can be written to, all made in one statement."""
    until = now + timedelta(days=policy().link_days)
    made = {
        entry.pk: tokens.new(TOKEN_BYTES)
        for entry in entries
        if entry.client and not entry.client.is_archived and (entry.client.email or entry.client.phone)
    }
    if made:
        due.mark(FORGET, until + FORGOTTEN)
    bulk.insert([ChargeLink(entry_id=pk, token_hash=hash_of(token), expires_at=until) for pk, token in made.items()])
    host = current.address() if made else ""
    return {pk: f"{host}{path_of(token)}" for pk, token in made.items()}


def _values(entry: Entry, amount: Decimal, currency: str) -> dict[str, Value]:
    return {
        "client_name": entry.client.name if entry.client else entry.party,
        "description": entry.description,
        "amount": Money(amount, currency),
        "due_date": entry.due_on,
    }


def _who_sees_money(besides: Member | None = None) -> tuple[Recipient, ...]:
    members = Member.objects.filter(is_active=True)
    return tuple(
        Recipient.member(member)
        for member in members
        if member != besides and allows(member.role, Permission.FINANCE_VIEW)
    )
