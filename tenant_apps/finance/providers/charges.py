"""Charges issued by the provider: asked for here, worked on by a task that never speaks to it inside a transaction."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import Min, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from structlog import get_logger

from shared_apps.core.errors import DomainError, FieldError
from shared_apps.organizations import current
from shared_apps.tenancy.jobs import due, enqueue
from tenant_apps.activity import services as activity
from tenant_apps.finance import services as finance
from tenant_apps.finance.errors import EntryPaid
from tenant_apps.finance.models import Entry, Kind
from tenant_apps.finance.providers.accounts import account
from tenant_apps.finance.providers.base import Away, Charge, ChargeProvider, Payer, Refused, State, Wanted
from tenant_apps.finance.providers.errors import NotConnected, NotIssued, NotReceivable
from tenant_apps.finance.providers.models import ProviderAccount, ProviderCharge
from tenant_apps.finance.providers.registry import provider_of
from tenant_apps.finance.services.locks import locked_entry
from tenant_apps.team.models import Member

logger = get_logger(__name__)
RETRY = "finance.provider_charges"
COMPARE, AT = "finance.compare_charges", time(4, 30)  # local: see following.py
FIRST_WAIT, LAST_WAIT = timedelta(minutes=2), timedelta(hours=6)
STATES = ProviderCharge.State
STANDS = Q(state__in=[STATES.PENDING, STATES.ISSUED])


@transaction.atomic
def ask_for_charge(entry: Entry, *, actor: Member | None, now: datetime) -> ProviderCharge:
    """Have the provider issue a charge of what is open. Asked twice, there is one.

    Raises NotThere, EntryCancelled, EntryPaid, NotReceivable, NotConnected, FieldError.
    """
    entry = locked_entry(entry.pk)
    standing = ProviderCharge.objects.standing().filter(entry=entry).first()
    if standing is not None:
        return standing
    if entry.kind != Kind.RECEIVABLE:
        raise NotReceivable
    if entry.open_amount <= 0:
        raise EntryPaid
    connected = account()
    if connected is None or connected.state != ProviderAccount.State.READY:
        raise NotConnected
    if entry.client is None or not entry.client.document:
        text = gettext_lazy("Asaas needs the CPF or CNPJ of who pays. Give it to the client first.")
        raise FieldError("client", text, "document_needed")
    charge = ProviderCharge.objects.create(entry=entry, provider=connected.provider, by=actor)
    due.mark(COMPARE, _next_night(now))
    activity.record(actor, "charge.asked", entry, after={"charge": charge.pk, "amount": entry.open_amount})
    _try(charge, at=now + FIRST_WAIT)
    enqueue("finance.work_on_charge", charge_id=charge.pk)
    return charge


@transaction.atomic
def withdraw(charge: ProviderCharge, *, actor: Member | None, now: datetime) -> ProviderCharge:
    """Have the provider take it away: nobody can pay it any more. Raises NotIssued."""
    charge = ProviderCharge.objects.select_for_update(of=("self",)).select_related("entry").get(pk=charge.pk)
    if charge.state != STATES.ISSUED or charge.is_leaving:
        raise NotIssued
    begin_to_leave(charge, actor=actor, now=now)
    return charge


def begin_to_leave(charge: ProviderCharge, *, actor: Member | None, now: datetime) -> None:
    """From here on a task withdraws it. The row is locked."""
    charge.is_leaving = True
    charge.save(update_fields=["is_leaving"])
    activity.record(actor, "charge.withdrawn", charge.entry, after={"charge": charge.pk})
    _try(charge, at=now + FIRST_WAIT)
    enqueue("finance.work_on_charge", charge_id=charge.pk)


def work_on(charge_id: UUID, *, now: datetime) -> None:
    """Bring a charge to where it should be: issued, withdrawn, or as the provider has it now. Safe to run twice."""
    related = ProviderCharge.objects.select_related("entry__client").defer("entry__client__search")
    charge = related.filter(pk=charge_id).first()
    connected = ProviderAccount.objects.filter(provider=charge.provider).first() if charge else None
    if charge is None or connected is None:
        return
    provider = provider_of(connected)
    try:
        found = _brought(provider, charge, now)
    except Away as error:
        logger.warning("provider_away", charge=str(charge_id), reason=str(error)[:200])
        _wait(charge_id, now)
    except Refused as error:
        _refused(charge_id, connected, error)
    else:
        _apply(charge_id, found, now)


def _brought(provider: ChargeProvider, charge: ProviderCharge, now: datetime) -> Charge | None:
    """The charge as it is after it was issued or withdrawn at the provider; None where it never came to be there."""
    id = charge.external_id
    if charge.state == STATES.PENDING:
        if not charge.is_leaving:
            return provider.issue(_wanted(charge.entry, now))
        known = provider.find(str(charge.entry_id))  # asked for, and the answer may have been lost
        if known is None:
            return None
        id = known.id
    if charge.is_leaving:
        provider.remove(id)
    return provider.fetch(id)


def retry(*, now: datetime) -> int:
    """Ring again for every charge whose turn has come; how many."""
    late = list(ProviderCharge.objects.filter(try_at__lte=now).order_by("try_at")[:500])
    for charge in late:
        _try(charge, at=now + _pause(charge.attempts))
        enqueue("finance.work_on_charge", charge_id=charge.pk)
    return len(late)


def next_try() -> datetime | None:
    at: datetime | None = ProviderCharge.objects.aggregate(at=Min("try_at"))["at"]
    return at


def _wanted(entry: Entry, now: datetime) -> Wanted:
    """What is open; of what is overdue, what is due today, for the provider takes no date that has passed."""
    today, client = current.today(now), entry.client
    assert client is not None  # ask_for_charge saw to it  # noqa: S101
    payer = Payer(client.pk, client.name, client.document, client.email, client.phone)
    reference, description = str(entry.pk), entry.description
    if entry.due_on < today:
        total = finance.due_amount(entry, on=today).total
        return Wanted(reference, payer, total, today, description)
    holds = entry.discount > 0 and not entry.paid
    return Wanted(
        reference, payer, entry.open_amount, entry.due_on, description, late_fee=entry.late_fee,
        interest=entry.interest, discount=entry.discount if holds else Decimal(0),
        discount_until=entry.discount_until,
    )  # fmt: skip


@transaction.atomic
def _apply(charge_id: UUID, found: Charge | None, now: datetime) -> None:
    """What the provider says now becomes what we say. The row is locked, so a payment is recorded once.

    The entry is locked first, as by whoever pays or changes it.
    """
    entry_id = ProviderCharge.objects.values_list("entry_id", flat=True).get(pk=charge_id)
    Entry.objects.select_for_update(no_key=True).filter(pk=entry_id).first()
    charge = ProviderCharge.objects.select_for_update(of=("self",)).select_related("entry", "payment").get(pk=charge_id)
    if found is None:
        _never_issued(charge)
        return
    if charge.external_id and charge.external_id != found.id:
        return
    attempts, before = charge.attempts, charge.state
    charge.external_id = found.id
    charge.page, charge.pix, charge.boleto = (
        found.page or charge.page, found.pix or charge.pix, found.boleto or charge.boleto,
    )  # fmt: skip
    charge.attempts, charge.try_at, charge.problem = 0, None, ""
    if found.state is State.PAID:
        _pay(charge, found)
    elif found.state is State.RETURNED:
        charge.state = STATES.RETURNED
        if charge.payment and charge.payment.reversal_id is None:
            finance.reverse_payment(charge.payment, actor=None, reason=_("Paid back at Asaas"))
    elif found.state is State.GONE:
        charge.state, charge.is_leaving = STATES.REMOVED, False
    elif charge.state == STATES.PENDING:
        charge.state = STATES.ISSUED
    charge.save()
    if charge.state != before:
        logger.info("provider_charge_changed", charge=str(charge_id), before=before, after=charge.state)
    if found.state is State.OPEN and (charge.is_leaving or charge.state == STATES.REMOVED):
        # Withdrawn while it was being issued, or kept by the provider: tried until it is gone.
        charge.is_leaving, charge.attempts = True, min(attempts + 1, 1000)
        charge.save(update_fields=["is_leaving", "attempts"])
        _try(charge, at=now + _pause(charge.attempts))


def _never_issued(charge: ProviderCharge) -> None:
    """Withdrawn before the provider knew of it."""
    if charge.state == STATES.PENDING and charge.is_leaving:
        charge.state, charge.is_leaving, charge.attempts, charge.try_at = STATES.REMOVED, False, 0, None
        charge.save()


def _pay(charge: ProviderCharge, found: Charge) -> None:
    """Record the payment, once. More than is open was late fee and interest, as the provider counted them."""
    charge.state, charge.is_leaving = STATES.PAID, False
    if charge.payment_id is not None:
        return
    charge.save()  # it stands no more: what is paid by it does not withdraw it
    entry = Entry.objects.select_for_update(no_key=True, of=("self",)).get(pk=charge.entry_id)
    extra = max(found.amount - entry.open_amount, Decimal(0))
    whole = finance.due_amount(entry, on=found.paid_on or current.today())
    discount = whole.discount if found.amount == entry.open_amount - whole.discount else Decimal(0)
    try:
        with transaction.atomic():
            charge.payment = finance.pay_entry(
                entry, actor=None, amount=found.amount, method=found.method, paid_on=found.paid_on or current.today(),
                extra=extra, discount=discount, reference=found.id,
            )  # fmt: skip
    except DomainError as error:  # it was paid otherwise or cancelled: people must see it, nothing may be guessed
        charge.problem = _("Paid at Asaas, but not recorded: %(why)s") % {"why": error.detail}
        charge.problem = charge.problem[:300]


@transaction.atomic
def _wait(charge_id: UUID, now: datetime) -> None:
    charge = ProviderCharge.objects.select_for_update().get(pk=charge_id)
    charge.attempts = min(charge.attempts + 1, 1000)
    charge.problem = _("Asaas does not answer at the moment. It is tried again.")
    charge.save(update_fields=["attempts", "problem"])
    _try(charge, at=now + _pause(charge.attempts))


@transaction.atomic
def _refused(charge_id: UUID, connected: ProviderAccount, error: Refused) -> None:
    charge = ProviderCharge.objects.select_for_update().get(pk=charge_id)
    charge.problem, charge.try_at, charge.is_leaving = str(error)[:300], None, False
    if charge.state == STATES.PENDING:
        charge.state = STATES.FAILED
    charge.save()
    if error.is_key:
        same = ProviderAccount.objects.filter(pk=connected.pk, key=connected.key)
        same.update(state=ProviderAccount.State.FAILED, problem=str(error)[:300])


def _try(charge: ProviderCharge, *, at: datetime) -> None:
    charge.try_at = at
    charge.save(update_fields=["try_at"])
    due.mark(RETRY, at)


def _next_night(now: datetime) -> datetime:
    local = now.astimezone(current.zone())
    at = local.replace(hour=AT.hour, minute=AT.minute, second=0, microsecond=0)
    return at if at > local else at + timedelta(days=1)


def _pause(attempts: int) -> timedelta:
    return min(FIRST_WAIT * 2 ** min(attempts, 12), LAST_WAIT)
