"""Charges issued by the provider: asked for here, worked on by a task that never speaks to it inside a transaction."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import Min, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from structlog import get_logger

from shared_apps.core.errors import FieldError
from shared_apps.organizations import current
from shared_apps.tenancy.jobs import enqueue
from tenant_apps.activity import services as activity
from tenant_apps.finance import services as finance
from tenant_apps.finance.errors import EntryPaid
from tenant_apps.finance.models import Entry, Kind
from tenant_apps.finance.providers import bells, outcomes
from tenant_apps.finance.providers.accounts import account
from tenant_apps.finance.providers.base import Away, Charge, ChargeProvider, Payer, Refused, Wanted
from tenant_apps.finance.providers.errors import NotConnected, NotIssued, NotReceivable
from tenant_apps.finance.providers.models import ProviderAccount, ProviderCharge
from tenant_apps.finance.providers.registry import provider_of
from tenant_apps.finance.services.locks import locked_entry
from tenant_apps.team.models import Member

logger = get_logger(__name__)
STATES = ProviderCharge.State
STANDS = Q(state__in=[STATES.PENDING, STATES.ISSUED])


@transaction.atomic
def ask_for_charge(entry: Entry, *, actor: Member | None, now: datetime) -> ProviderCharge:
    """Have the provider issue a charge of what is open. Asked twice, there is one; one that is leaving comes back anew.

    Raises NotThere, EntryCancelled, EntryPaid, NotReceivable, NotConnected, FieldError.
    """
    entry = locked_entry(entry.pk)
    standing = ProviderCharge.objects.standing().filter(entry=entry).first()
    if standing is not None:
        if standing.is_leaving and not standing.renews:
            standing.renews = True
            standing.save(update_fields=["renews"])
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
    return bells.begin(entry, connected, actor=actor, now=now)


@transaction.atomic
def withdraw(charge: ProviderCharge, *, actor: Member | None, now: datetime) -> ProviderCharge:
    """Have the provider take it away: nobody can pay it any more. Raises NotIssued."""
    charge = ProviderCharge.objects.select_for_update(of=("self",)).select_related("entry").get(pk=charge.pk)
    if charge.state != STATES.ISSUED or charge.is_leaving:
        raise NotIssued
    bells.begin_to_leave(charge, actor=actor, renews=False, now=now)
    return charge


@transaction.atomic
def settle(charge: ProviderCharge, *, actor: Member | None) -> ProviderCharge:
    """Somebody saw to money that arrived and is not in the books: recorded by hand, given back, credited."""
    charge = ProviderCharge.objects.select_for_update(of=("self",)).select_related("entry").get(pk=charge.pk)
    if charge.state == STATES.PAID and charge.problem:
        activity.record(actor, "charge.settled", charge.entry, after={"charge": charge.pk, "reason": charge.problem})
        charge.problem = ""
        charge.save(update_fields=["problem"])
    return charge


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
        outcomes.apply(charge_id, found, now, heard=charge.heard)


def _brought(provider: ChargeProvider, charge: ProviderCharge, now: datetime) -> Charge | None:
    """The charge as it is after it was issued or withdrawn at the provider; None where it never came to be there."""
    id = charge.external_id
    if charge.state == STATES.PENDING:
        earlier = _under_its_entry(provider, charge, now)
        if not charge.is_leaving:
            return earlier or provider.issue(_wanted(charge, now))
        known = earlier or provider.find(str(charge.pk))  # asked for, and the answer may have been lost
        if known is None:
            return None
        id = known.id
    if charge.is_leaving:
        provider.remove(id)
    return provider.fetch(id)


def _under_its_entry(provider: ChargeProvider, charge: ProviderCharge, now: datetime) -> Charge | None:
    """Until migration 0004 an entry's id was the reference of its charges: one of then, its answer lost."""
    if now - charge.created_at < bells.FIRST_WAIT:
        return None
    known = provider.find(str(charge.entry_id))
    is_anothers = known and ProviderCharge.objects.filter(external_id=known.id).exclude(pk=charge.pk).exists()
    return None if is_anothers else known


def retry(*, now: datetime) -> int:
    """Ring again for every charge whose turn has come; how many."""
    late = list(ProviderCharge.objects.filter(try_at__lte=now).order_by("try_at")[:500])
    for charge in late:
        bells.try_again(charge, at=now + bells.pause(charge.attempts))
        enqueue("finance.work_on_charge", charge_id=charge.pk)
    return len(late)


def next_try() -> datetime | None:
    at: datetime | None = ProviderCharge.objects.aggregate(at=Min("try_at"))["at"]
    return at


def _wanted(charge: ProviderCharge, now: datetime) -> Wanted:
    """What is open; of what is overdue, what is due today, for the provider takes no date that has passed."""
    entry, today = charge.entry, current.today(now)
    client = entry.client
    assert client is not None  # ask_for_charge saw to it  # noqa: S101
    payer = Payer(client.pk, client.name, client.document, client.email, client.phone)
    reference, description = str(charge.pk), entry.description
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
def _wait(charge_id: UUID, now: datetime) -> None:
    charge = ProviderCharge.objects.select_for_update().get(pk=charge_id)
    charge.attempts = min(charge.attempts + 1, 1000)
    charge.problem = _("Asaas does not answer at the moment. It is tried again.")
    charge.save(update_fields=["attempts", "problem"])
    bells.try_again(charge, at=now + bells.pause(charge.attempts))


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
