"""What clients and the firm are told of a charge, and when: soon due, due, overdue, paid."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from shared_apps.core import bulk, tokens
from shared_apps.core.prepared import prepared
from shared_apps.core.tokens import hash_of
from shared_apps.organizations import current
from shared_apps.organizations.permissions import Permission, allows
from shared_apps.tenancy.jobs import due
from tenant_apps.finance import charges
from tenant_apps.finance.models import ChargeLink, Entry, Kind, Payment
from tenant_apps.finance.owed import Owed
from tenant_apps.finance.services.links import FORGET, FORGOTTEN, TOKEN_BYTES, path_of
from tenant_apps.finance.services.policy import link_days
from tenant_apps.notifications.services import Money, Notice, Recipient, Value, notify_all
from tenant_apps.team.models import Member

JOB = "finance.remind"
AT = time(7)
# The event of a morning, by the days from it to the day on which the entry is due.
EVENTS = {3: "entry.due_soon", 0: "entry.due_today", -1: "entry.overdue_1", -3: "entry.overdue_3"}
RECENT = timedelta(days=7)  # a payment entered long afterwards is not thanked for
SUBJECT, PAYMENT = "finance.entry", "finance.payment"


def notices_of(entries: Collection[Owed], *, today: date, now: datetime) -> list[Notice]:
    """For each client what it owes, with an address at which it can pay; for the firm what is overdue."""
    if not entries:
        return []
    links, staff, currency = _links(entries, now), _who_sees_money(), current.currency()
    notices: list[Notice] = []
    for entry in entries:
        amount = charges.due_amount(entry, on=today).total
        values = _values(entry.client_name, entry.description, entry.due_on, Money(amount, currency))
        event = EVENTS[(entry.due_on - today).days]
        if entry.pk in links:
            client = Recipient.client(entry.client_id, entry.client_name, entry.client_email, entry.client_phone)
            notices.append(Notice(event, SUBJECT, entry.pk, today, (client,), values, links[entry.pk]))
        notices.append(Notice(event, SUBJECT, entry.pk, today, staff, values, _path_of(entry.pk)))
    return notices


def tell_of_payment(payment: Payment) -> None:
    """Thank the client, and let the firm know; whoever entered it does not need to be told."""
    entry, now = payment.entry, timezone.now()
    today = current.today(now)
    if entry.kind != Kind.RECEIVABLE or entry.client is None or payment.paid_on < today - RECENT:
        return
    values, staff = _of_payment(payment) | {"paid_on": payment.paid_on}, _who_sees_money(payment.by)
    notices = [Notice("payment.received", PAYMENT, payment.pk, today, staff, values, _path_of(entry.pk))]
    if not entry.client.is_archived:
        client = Recipient.client(entry.client.pk, entry.client.name, entry.client.email, entry.client.phone)
        notices.append(Notice("payment.received", PAYMENT, payment.pk, today, (client,), values))
    notify_all(notices, now=now)


def tell_of_reversal(payment: Payment, reason: str) -> None:
    """Money went back without anybody of the firm: whoever sees its money hears of it."""
    now, path = timezone.now(), _path_of(payment.entry_id)
    values = _of_payment(payment) | {"reason": reason}
    notice = Notice("payment.reversed", PAYMENT, payment.pk, current.today(now), _who_sees_money(), values, path)
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


def _path_of(entry_id: UUID) -> str:
    return f"/entries/{entry_id}/"


def _links(entries: Collection[Owed], now: datetime) -> dict[UUID, str]:
    """An address for each entry whose client can be written to, all made in one statement."""
    made = {entry.pk: tokens.new(TOKEN_BYTES) for entry in entries if entry.client_is_reached}
    if not made:
        return {}
    until = now + timedelta(days=link_days())
    due.mark(FORGET, until + FORGOTTEN)
    bulk.insert([ChargeLink(entry_id=pk, token_hash=hash_of(token), expires_at=until) for pk, token in made.items()])
    host = current.address()
    return {pk: f"{host}{path_of(token)}" for pk, token in made.items()}


def _of_payment(payment: Payment) -> dict[str, Value]:
    entry, amount = payment.entry, Money(payment.amount, current.currency())
    return _values(entry.client.name if entry.client else entry.party, entry.description, entry.due_on, amount)


def _values(client_name: str, description: str, due_on: date, amount: Money) -> dict[str, Value]:
    return {"client_name": client_name, "description": description, "amount": amount, "due_date": due_on}


def _who_sees_money(besides: Member | None = None) -> tuple[Recipient, ...]:
    left_out = besides.pk if besides else None
    return tuple(
        Recipient.colleague(*said)
        for role, *said in _at_work()
        if said[0] != left_out and allows(role, Permission.FINANCE_VIEW)
    )


@prepared
def _at_work() -> QuerySet[Member, Any]:
    members = Member.objects.filter(is_active=True).order_by("pk")
    return members.values_list("role", "pk", "name", "email", "user_id")
