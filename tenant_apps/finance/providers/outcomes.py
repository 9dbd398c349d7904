"""What the provider says of a charge becomes what we say: paid, paid back, disputed, gone, open again.

Only what it says now counts, not the order in which events came. Of two answers the one that was asked for later wins:
each that is taken over is counted (`ProviderCharge.heard`), and one that was asked for before the last is asked anew.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from structlog import get_logger

from shared_apps.core import formats
from shared_apps.core.errors import DomainError
from shared_apps.organizations import current
from tenant_apps.finance import services as finance
from tenant_apps.finance.models import Entry
from tenant_apps.finance.providers import bells
from tenant_apps.finance.providers.base import Charge, State
from tenant_apps.finance.providers.models import ProviderAccount, ProviderCharge

logger = get_logger(__name__)
STATES = ProviderCharge.State
SLACK = Decimal(1)  # by so much the provider may count late fee and interest otherwise than we do


@transaction.atomic
def apply(charge_id: UUID, found: Charge | None, now: datetime, *, heard: int) -> None:
    """Take over what was found, None where the provider knows nothing of it; `heard` was its count before asking.

    The entry is locked first, as by whoever pays or changes it; the row, so that a payment is recorded once.
    """
    entry_id = ProviderCharge.objects.values_list("entry_id", flat=True).get(pk=charge_id)
    Entry.objects.select_for_update(no_key=True).filter(pk=entry_id).first()
    charge = ProviderCharge.objects.select_for_update(of=("self",)).select_related("entry", "payment").get(pk=charge_id)
    if found is None:
        _never_issued(charge, now)
        return
    if charge.external_id and charge.external_id != found.id:
        return
    if charge.heard != heard and (charge.payment_id or found.state is not State.OPEN):
        bells.try_again(charge, at=now)
        return
    attempts, before = charge.attempts, STATES(charge.state)
    charge.external_id, charge.heard = found.id, charge.heard + 1
    charge.page, charge.pix, charge.boleto = (
        found.page or charge.page, found.pix or charge.pix, found.boleto or charge.boleto,
    )  # fmt: skip
    charge.attempts, charge.try_at = 0, None
    if not (before == STATES.PAID and found.state is State.PAID):
        charge.problem = ""  # of money that arrived and is not in the books, people say when it is settled
    _follow(charge, found, before, now)
    charge.save()
    if charge.state != before:
        logger.info("provider_charge_changed", charge=str(charge_id), before=before, after=charge.state)
    if found.state is State.OPEN and (charge.is_leaving or charge.state == STATES.REMOVED):
        # Withdrawn while it was being issued, or kept by the provider: tried until it is gone.
        charge.is_leaving, charge.attempts = True, min(attempts + 1, 1000)
        charge.save(update_fields=["is_leaving", "attempts"])
        bells.try_again(charge, at=now + bells.pause(charge.attempts))
    elif charge.renews and not charge.is_standing:
        _renew(charge, now)


def _follow(charge: ProviderCharge, found: Charge, before: STATES, now: datetime) -> None:
    match found.state:
        case State.PAID:
            _pay(charge, found, before)
        case State.RETURNED:
            charge.state = STATES.RETURNED
            _take_back(charge, _("Paid back at Asaas"))
        case State.DISPUTED:
            charge.state = STATES.DISPUTED
            _take_back(charge, _("Disputed by the payer at Asaas"))
        case State.GONE:
            charge.state, charge.is_leaving = STATES.REMOVED, False
            _take_back(charge, _("Removed at Asaas"))
        case State.OPEN if charge.payment_id or before in (STATES.RETURNED, STATES.DISPUTED):
            _open_again(charge, found, now)
        case _ if charge.state == STATES.PENDING:
            charge.state = STATES.ISSUED


def _open_again(charge: ProviderCharge, found: Charge, now: datetime) -> None:
    """It can be paid there once more. Where another stands meanwhile it has to go; if it is for another amount, too."""
    _take_back(charge, _("Payment taken back at Asaas"))
    charge.payment = None
    others = ProviderCharge.objects.standing().filter(entry=charge.entry_id).exclude(pk=charge.pk)
    charge.state = STATES.REMOVED if others.exists() else STATES.ISSUED
    if charge.is_standing and Entry.objects.get(pk=charge.entry_id).open_amount != found.amount:
        bells.begin_to_leave(charge, actor=None, renews=True, now=now)


def _pay(charge: ProviderCharge, found: Charge, before: STATES) -> None:
    """Record the payment, once; anew if it had gone back, or if a part of it did. What people reversed stays so."""
    is_old = charge.is_leaving or charge.renews  # the entry is owed otherwise by now
    charge.state, charge.is_leaving = STATES.PAID, False
    payment = charge.payment
    is_news = payment is None or payment.reversal_id is not None
    if before == STATES.PAID and (payment is None or payment.reversal_id is not None):
        return
    if payment is not None and payment.reversal_id is None:
        if payment.amount <= found.amount:
            if charge.problem:
                charge.problem = _too_much(found.amount - payment.amount)
            return
        _take_back(charge, _("Paid back in part at Asaas"))
    charge.payment, charge.problem = None, ""
    charge.save()  # it stands no more: what is paid by it does not withdraw it
    entry = Entry.objects.select_for_update(no_key=True, of=("self",)).get(pk=charge.entry_id)
    whole = finance.due_amount(entry, on=found.paid_on or current.today())
    discount = whole.discount if found.amount == entry.open_amount - whole.discount else Decimal(0)
    amount = found.amount
    if (is_old or entry.paid) and amount - entry.open_amount - whole.extra > SLACK:
        amount = entry.open_amount + whole.extra
    try:
        with transaction.atomic():
            charge.payment = finance.pay_entry(
                entry, actor=None, amount=amount, method=found.method, paid_on=found.paid_on or current.today(),
                extra=max(amount - entry.open_amount, Decimal(0)), discount=discount, reference=found.id,
                is_news=is_news,
            )  # fmt: skip
    except DomainError as error:  # it was paid otherwise or cancelled: people must see it, nothing may be guessed
        charge.problem = _("Paid at Asaas, but not recorded: %(why)s") % {"why": error.detail}
        charge.problem = charge.problem[:300]
    else:
        charge.problem = _too_much(found.amount - amount)


def _too_much(surplus: Decimal) -> str:
    """What people must know of money that was more than anybody owed; nothing where there is none."""
    if surplus <= 0:
        return ""
    text = _("%(amount)s more was paid at Asaas than was due. Give it back there, or credit it to the client.")
    return text % {"amount": formats.money(surplus, current.currency())}


def _take_back(charge: ProviderCharge, reason: str) -> None:
    """The payment that it made counts no more, and the team is told. Whoever was faster has reversed it already."""
    if charge.payment is None or charge.payment.reversal_id is not None:
        return
    charge.save()  # as it is now: what is due again must not withdraw it
    finance.reverse_payment(charge.payment, actor=None, reason=reason)
    charge.payment.refresh_from_db()
    finance.tell_of_reversal(charge.payment, reason)


def _never_issued(charge: ProviderCharge, now: datetime) -> None:
    """Withdrawn before the provider knew of it."""
    if charge.state == STATES.PENDING and charge.is_leaving:
        charge.state, charge.is_leaving, charge.attempts, charge.try_at = STATES.REMOVED, False, 0, None
        charge.save()
        if charge.renews:
            _renew(charge, now)


def _renew(charge: ProviderCharge, now: datetime) -> None:
    """The old one is gone; what is still open is charged anew. The entry is locked."""
    charge.renews = False
    charge.save(update_fields=["renews"])
    entry = Entry.objects.select_related("client").defer("client__search").get(pk=charge.entry_id)
    account = ProviderAccount.objects.filter(provider=charge.provider, state=ProviderAccount.State.READY).first()
    stands = ProviderCharge.objects.standing().filter(entry=entry).exists()
    is_owed = entry.cancellation_id is None and entry.open_amount > 0
    if account and is_owed and not stands and entry.client and entry.client.document:
        bells.begin(entry, account, actor=None, now=now)
